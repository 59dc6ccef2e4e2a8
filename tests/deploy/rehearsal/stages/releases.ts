// Releases, good ones and others, one after the other as they would come.
import { createHash } from 'node:crypto';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'yaml';
import { listDeployables } from '../../../../k8s/release/src/deployables';
import { imageName } from '../../../../k8s/release/src/overlays';
import { hasSidecar, imagesIn, namesIn, podsIn, wantsSidecar } from '../cluster-contents';
import type { ControlPlane } from '../control-plane';
import type { Outcome, Play } from '../playbooks';
import { expect, tell } from '../report';
import type { Stage } from './stage';

export async function rehearseReleases(
  { plane, clone, site, folder, aws, registry }: Stage,
  play: Play,
): Promise<void> {
  const images = () => imagesIn(plane);
  /** Of the release that was made last: its images are pushed. */
  const built = (ref: string) => {
    for (const { name, version } of listDeployables(clone.root)) {
      registry.push(`${imagesAt}/${imageName(name)}:${version}`, digestOf(name, version), ref);
    }
    return { ref };
  };

  tell('release A without the secrets that it needs');
  clone.release('A', {});
  const nowhere = await play('deploy', { ...built('A'), registry: '' });
  expect(
    'where its images are has to be said',
    nowhere.code !== 0 && /Say where the images of A are/.test(nowhere.said),
    () => nowhere.output,
  );
  const poor = await play('deploy', built('A'));
  expect(
    'it is refused, and names them',
    poor.code !== 0 && /lacks what A reads of these secrets: .*stores\/mongo-url.*jwt-secret \(AWS\)/.test(poor.said),
    () => poor.output,
  );
  expect('nothing was applied', Object.keys(images()).length === 0, images);
  const required = requiredIn(clone.root);
  plane.apply(...secretsOf(required));
  const ofAws = Object.keys(required.awsSecretsManager);
  for (const name of ofAws) aws.createSecret(name);
  for (const name of ofAws.filter((one) => one !== 'jwt-secret')) aws.markSecret(name, 'production');

  tell("release A where AWS has another environment's secrets");
  for (const [told, mark] of [
    [/not marked as those of production: jwt-secret \(of none\)\./, 'staging'],
    [/not marked as those of production: jwt-secret \(staging\)\./, 'production'],
  ] as const) {
    const foreign = await play('deploy', built('A'));
    expect('it is refused, and names it', foreign.code !== 0 && told.test(foreign.said), () => foreign.output);
    aws.markSecret('jwt-secret', mark);
  }
  expect('nothing was applied', Object.keys(images()).length === 0, images);

  tell('release A, whose certificate is not issued');
  const unnamed = await play('deploy', { ...built('A'), smoke_certificate_seconds: 2 });
  expect(
    'it fails, says so, and is left as it is, as nothing was before',
    unnamed.code !== 0 && /on certificates\/ticketing\), and nothing ran before it/.test(unnamed.said),
    () => unnamed.output,
  );
  const between = await play('status');
  expect(
    'status tells so',
    /runs no release; a deployment of A did not get there: deploy it again/.test(between.said),
    () => between.output,
  );
  issueCertificates(plane);

  tell('release A');
  const first = await play('deploy', built('A'));
  expect('it is deployed', first.code === 0, () => first.output);
  const afterA = images();
  expect('every service runs it', Object.keys(afterA).length >= 7, () => afterA);
  const pods = podsIn(plane).filter(wantsSidecar);
  expect(`each of ${pods.length} pods has its sidecar`, pods.length >= 7 && pods.every(hasSidecar), () => pods);

  tell('release A again');
  const digests = join(folder('digests-of-a'), 'A.json');
  writeFileSync(digests, JSON.stringify(digestsOf(clone.root)));
  const again = await play('deploy', { ref: 'A', digests_file: digests, ask_before_changes: true, confirmed: true });
  expect('nothing changes', again.code === 0 && again.changed === 0 && rolled(again) === 'nothing', () => again.output);

  tell('release A again, after somebody has changed an image by hand');
  plane.kubectl([
    '--namespace',
    'ticketing',
    'set',
    'image',
    'deployment/tickets',
    'app=elsewhere.example.net/tickets:1',
  ]);
  const mended = await play('deploy', { ref: 'A', registry: '' });
  expect(
    'it is mended, from the registry that the cluster remembers',
    mended.code === 0 && rolled(mended) === 'tickets' && same(images(), afterA),
    () => mended.output,
  );
  const known = await play('status');
  expect('status tells of one release', /runs A \([0-9a-f]+\) - /.test(known.said), () => known.output);

  tell('release A, where nobody has noted it');
  plane.kubectl(['--namespace', 'ticketing', 'delete', 'configmap', 'release']);
  const unnoted = await play('deploy', built('A'));
  expect(
    'it is refused, as there would be no way back',
    unnoted.code !== 0 && /nothing is noted of what release that is/.test(unnoted.said),
    () => unnoted.output,
  );
  const adopted = await play('deploy', { ...built('A'), adopt: true });
  expect('it is taken on', adopted.code === 0 && rolled(adopted) === 'nothing', () => adopted.output);
  plane.kubectl(['--namespace', 'ticketing', 'scale', 'deployment', 'web', '--replicas', '0']);
  const asleep = await play('deploy', built('A'));
  expect(
    'no pods at all are no success',
    asleep.code !== 0 && /has scaled web to no pods/.test(asleep.said),
    () => asleep.output,
  );
  plane.kubectl(['--namespace', 'ticketing', 'scale', 'deployment', 'web', '--replicas', '1']);

  tell('release A1, in which mails come from somebody else (a Dapr component, and no image), and a budget is gone');
  clone.write('k8s/overlays/eks/kustomization.yaml', (text) =>
    text.replace('<tickets@', '<box-office@').replace('patches:\n', `patches:\n${indented(withoutWebsBudget)}`),
  );
  clone.release('A1', {});
  const looked = await play('deploy', built('A1'), ['--check']);
  expect('--check tells and changes nothing', looked.code === 0 && same(images(), afterA), () => looked.output);
  const component = await play('deploy', built('A1'));
  expect(
    'the service that reads it rolls, as sidecars read components when they start',
    component.code === 0 && rolled(component) === 'notifications' && same(images(), afterA),
    () => component.output,
  );

  expect(
    'what it has no more is removed',
    gone(component) === 'poddisruptionbudget.policy/web',
    () => component.output,
  );

  tell('release B, with two versions changed');
  clone.release('B', { 'services/orders': '0.2.0', web: '0.3.0' });
  const second = await play('deploy', built('B'));
  expect('only those two roll', second.code === 0 && rolled(second) === 'orders, web', () => second.output);
  const afterB = images();
  const newest = `${imagesAt}/${imageName('orders')}@${digestOf('orders', '0.2.0')}`;
  expect('they run the images of their new versions', afterB.orders === newest, () => afterB);

  const older = await play('deploy', { ref: 'A', only_forward: true });
  expect(
    'a push that is late does not undo it',
    older.code !== 0 && /runs B, which has A in its history already/.test(older.said) && same(images(), afterB),
    () => older.output,
  );
  clone.write('README.md', (text) => `${text}\n`);
  clone.release('B2', {});
  const renamed = await play('deploy', { ...built('B2'), label: 'B, documented' });
  expect(
    'the same under another name changes nothing in the cluster',
    renamed.code === 0 && rolled(renamed) === 'nothing' && same(images(), afterB),
    () => renamed.output,
  );

  tell('release C, whose orders never become ready, and with another Dapr component');
  clone.write('k8s/base/orders/kustomization.yaml', (text) =>
    text.replace('patches:\n', `patches:\n${indented(neverScheduled)}`),
  );
  clone.write('k8s/overlays/eks/kustomization.yaml', (text) =>
    text.replace('configMapGenerator:\n', 'configMapGenerator:\n  - name: only-in-c\n    literals: [answer=42]\n'),
  );
  clone.write('components/eks/sessions.yaml', (text) =>
    text.replace(/(\n {2}metadata:\n)/, '$1    - name: maxRetries\n      value: "7"\n'),
  );
  clone.release('C', { 'services/orders': '0.4.0', 'services/tickets': '0.4.0' });
  const started = await play('deploy', built('C'), [], /TASK \[rollout : Have ready pods\]/);
  expect('it can be cut off', started.code === null && images().orders !== afterB.orders, () => started.output);
  const cutOff = await play('status');
  expect(
    'status tells so',
    /runs B, documented .*; a deployment of C did not get there/.test(cutOff.said),
    () => cutOff.output,
  );
  const another = await play('deploy', { ref: 'A' }, [], /TASK \[rollout : Have ready pods\]/);
  expect('so can be the next', another.code === null, () => another.output);
  const undone = await play('rollback');
  expect(
    'back is to what ran, and nothing that either has brought stays',
    undone.code === 0 && same(images(), afterB) && !namesIn(plane, 'configmaps').some((name) => /only-in-c/.test(name)),
    () => undone.output,
  );
  const third = await play('deploy', { ...built('C'), rollout_timeout_seconds: 20 });
  expect(
    'it fails, names the service, and says that all is back',
    third.code !== 0 && /deployment\.apps\/orders: .*Everything is back at B, documented\.$/.test(third.said),
    () => third.output,
  );
  expect('every image is that of B', same(images(), afterB), images);
  const sessions = plane.kubectl(['--namespace', 'ticketing', 'get', 'component', 'sessions', '--output', 'yaml']);
  expect('so are the Dapr components', !sessions.includes('maxRetries'), () => sessions);

  tell('release D, that visitors cannot use');
  clone.git('revert', '--no-edit', 'HEAD');
  clone.release('D', { 'services/auth': '0.5.0' });
  site.fails = true;
  const fourth = await play('deploy', { ...built('D'), smoke_retries: 2, smoke_delay_seconds: 1 });
  site.fails = false;
  expect(
    'it fails at the smoke test, all is back, and that visitors are still refused is not kept quiet',
    fourth.code !== 0 &&
      /Everything is back at B, documented, and http\S+ still does not answer/.test(fourth.said) &&
      same(images(), afterB),
    () => fourth.output,
  );

  tell('back to A1, by what the cluster remembers of it: git has forgotten it');
  const back = await clone.withoutHistory(() => play('rollback'));
  expect('the images of A1 run again', back.code === 0 && same(images(), afterA), () => back.output);
  const further = await play('rollback');
  expect(
    'again: not to what was fled',
    further.code !== 0 && /has no release to go back to/.test(further.said) && same(images(), afterA),
    () => further.output,
  );
  const status = await play('status');
  expect('status tells so', status.code === 0 && /runs A1/.test(status.output), () => status.output);
}

/** As the inventory of the rehearsal says. */
export const imagesAt = 'images.example.net/ticketing';

/** What a build would have pushed: the same for the same version. */
const digestOf = (service: string, version: string): string =>
  `sha256:${createHash('sha256').update(`${service} ${version}`).digest('hex')}`;

const digestsOf = (root: string): Record<string, string> =>
  Object.fromEntries(listDeployables(root).map(({ name, version }) => [name, digestOf(name, version)]));

/** What a play says it has rolled, and removed. */
const rolled = ({ said }: Outcome) => /Rolled: ([^.]*)\./.exec(said)?.[1];

const gone = ({ said }: Outcome) => /Removed: (.*)\.$/.exec(said)?.[1];

export const same = (one: object, other: object): boolean => JSON.stringify(one) === JSON.stringify(other);

/** A node that no cluster has. */
const neverScheduled = `- target:
    kind: Deployment
  patch: |-
    - op: add
      path: /spec/template/spec/nodeSelector
      value:
        absent: "true"
`;
const withoutWebsBudget = `- patch: |-
    $patch: delete
    apiVersion: policy/v1
    kind: PodDisruptionBudget
    metadata:
      name: web
`;
const indented = (lines: string) => lines.replaceAll(/^(?=.)/gm, '  ');

interface RequiredSecrets {
  kubernetes: Record<string, string[]>;
  awsSecretsManager: Record<string, string[]>;
}

const requiredIn = (root: string): RequiredSecrets =>
  parse(readFileSync(join(root, 'components/eks/required-secrets.yaml'), 'utf8')) as RequiredSecrets;

/** What cert-manager does when the name leads to the cluster. */
function issueCertificates(plane: ControlPlane): void {
  const conditions = [{ type: 'Ready', status: 'True', lastTransitionTime: '2026-01-01T00:00:00Z' }];
  const patch = ['--subresource', 'status', '--type', 'merge', '--patch', JSON.stringify({ status: { conditions } })];
  plane.kubectl(['--namespace', 'ticketing', 'patch', 'certificate', 'ticketing', ...patch]);
}

/** Of the values that stand for secrets here, none is looked at by anybody. */
const secretsOf = ({ kubernetes }: RequiredSecrets): object[] =>
  Object.entries(kubernetes).map(([name, keys]) => ({
    apiVersion: 'v1',
    kind: 'Secret',
    metadata: { name, namespace: 'ticketing' },
    stringData: Object.fromEntries(keys.map((key) => [key, 'rehearsal'])),
  }));
