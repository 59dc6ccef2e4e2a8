// Runbooks are read when something is wrong: what their commands name is there.
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { buildEnvironment, environmentNames, repository } from './environments';
import { ofKind, specOf } from './resource';

const folder = join(repository, 'docs/runbooks');
const pages = readdirSync(folder).map((name): [string, string] => [name, readFileSync(join(folder, name), 'utf8')]);
const resources = new Set(
  environmentNames.flatMap((name) =>
    buildEnvironment(name).map(({ kind, metadata }) => `${kind.toLowerCase()}/${metadata.name}`),
  ),
);

describe.each(pages)('%s', (_name, text) => {
  const code = [...text.matchAll(/```sh\n([\s\S]*?)```|`([^`\n]+)`/g)].map(
    ([, block, inline]) => block ?? inline ?? '',
  );

  test('names files and folders of this repository that are there', () => {
    const paths = code.flatMap(
      (one) => one.match(/(?<![\w/.-])(?:ansible|k8s|components|dapr|tests)\/[\w./-]*\w/g) ?? [],
    );
    // Of what `make build` makes, the sources are here.
    const sources = paths.map((path) => path.replace(/^(.*)\/dist\/(.*)\.js$/, '$1/src/$2.ts'));
    expect(sources.filter((path) => !existsSync(join(repository, path)))).toEqual([]);
  });

  test('names parts of the cluster that are deployed', () => {
    const named = code.flatMap((one) => one.match(/\b(?:deployment|statefulset|service)\/(?!dist\b)[a-z-]+/g) ?? []);
    expect(named.filter((one) => !resources.has(one))).toEqual([]);
    const listed = code.flatMap(
      (one) => /scale --replicas=\d deployment ((?:[a-z -]|\\\n)+)/.exec(one)?.[1]?.match(/[a-z-]+/g) ?? [],
    );
    expect(listed.filter((one) => !resources.has(`deployment/${one}`))).toEqual([]);
  });

  test('runs programs that the image has', () => {
    const programs = code.flatMap((one) => {
      const [, service = 'payments'] = /\bdeployment\/([a-z]+)/.exec(one) ?? [];
      return [...one.matchAll(/service\/dist\/(\w+)\.js/g)].map(([, name]) => `services/${service}/src/${name}.ts`);
    });
    expect(programs.filter((file) => !existsSync(join(repository, file)))).toEqual([]);
  });
});

test('Restoring stops and starts everything that writes', () => {
  const [, text = ''] = pages.find(([name]) => name === 'restore.md') ?? [];
  const [stopped = [], ...started] = [...text.matchAll(/scale --replicas=\d deployment ((?:[a-z -]|\\\n)+)/g)].map(
    ([, names = '']) => names.match(/[a-z-]+/g) ?? [],
  );
  const deployed = buildEnvironment('eks').filter(({ kind }) => kind === 'Deployment');
  expect([...stopped].sort()).toEqual(deployed.map(({ metadata }) => metadata.name).sort());
  expect(started.flat().sort()).toEqual([...stopped].sort());
});

test('Stripe is asked for the events that payments works on, and for no other', () => {
  const [, text = ''] = pages.find(([name]) => name === 'first-deploy.md') ?? [];
  const asked =
    text.match(/`(?:payment_intent|charge|refund)\.(?!js`)[a-z_.]+`/g)?.map((name) => name.replaceAll('`', '')) ?? [];
  const source = readFileSync(join(repository, 'services/payments/src/http/receive-webhook.ts'), 'utf8');
  const known = new RegExp(/\/(\^\(payment_intent.*\)\$)\//.exec(source)?.[1] ?? 'nothing');
  expect(asked.length).toBeGreaterThan(5);
  expect(asked.filter((name) => !known.test(name))).toEqual([]);
});

test('Each service gets the role in AWS that it needs, and may read no secret that its sidecar may not', () => {
  const [, text = ''] = pages.find(([name]) => name === 'first-deploy.md') ?? [];
  const given = [...text.matchAll(/^role ([a-z]+) ticketing "(.*)"$/gm)].map(([, account = '', rights = '']) => [
    account,
    rights.match(/may ses:SendEmail|(?<=\$\{secret\}:)[a-z]+-secret/g)?.sort(),
  ]);
  const objects = buildEnvironment('eks');
  const users = (component: string) =>
    ofKind(objects, 'Component').find(({ metadata }) => metadata.name === component)?.scopes ?? [];
  const allowed = ofKind(objects, 'Configuration').map((configuration): [string, string[]] => {
    const { secrets } = specOf<{ secrets: { scopes: { allowedSecrets: string[] }[] } }>(configuration);
    return [configuration.metadata.name, secrets.scopes.flatMap(({ allowedSecrets }) => allowedSecrets).sort()];
  });
  const readers = users('secrets');
  expect(readers.length).toBeGreaterThan(3);
  expect(Object.fromEntries(given)).toEqual({
    ...Object.fromEntries(allowed.filter(([name]) => readers.includes(name))),
    ...Object.fromEntries(users('mail').map((name) => [name, ['may ses:SendEmail']])),
  });
});
