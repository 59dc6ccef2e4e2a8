// What is reachable from outside: the ingress, its twin for the Gateway API and the local gateway name the same.
import { routes } from '../../../dapr/local/src/gateway/routes';
import { buildEnvironment, type Environment } from './environments';
import { type IngressSpec, ofKind, type Resource, specOf } from './resource';

const expected = [
  ...routes.map(({ prefix, service }) => ({ path: prefix, service })),
  // What is not the API is the web client's.
  { path: '/', service: 'web' },
];

const ingressOf = (environment: Environment) =>
  ofKind(buildEnvironment(environment), 'Ingress').find(({ metadata }) => metadata.name === 'ticketing') as Resource;

const hosts: [Environment, string[]][] = [
  ['kind', ['ticketing.localhost', 'ticketing.dev']],
  ['kind with NATS', ['ticketing.localhost', 'ticketing.dev']],
  ['staging', ['staging.ticketing.example.com']],
  ['eks', ['ticketing.example.com']],
];

describe.each(hosts)('The ingress of %s', (environment, names) => {
  const ingress = ingressOf(environment);
  const { rules } = specOf<IngressSpec>(ingress);

  test('has the paths of the local gateway, on each of its hosts', () => {
    expect(rules.map(({ host }) => host)).toEqual(names);
    for (const { http } of rules) {
      expect(http.paths.map(({ path, backend }) => ({ path, service: backend.service.name }))).toEqual(expected);
      expect(new Set(http.paths.map(({ pathType }) => pathType))).toEqual(new Set(['Prefix']));
    }
  });

  test('reaches nothing of a service but its public API', () => {
    const toServices = rules.flatMap(({ http }) => http.paths).filter(({ backend }) => backend.service.name !== 'web');
    for (const { path } of toServices) expect(path).toMatch(/^\/api\/[a-z]+$/);
  });

  test('passes streams on as they come and bodies as they are', () => {
    expect(ingress.metadata.annotations).toMatchObject({ 'nginx.ingress.kubernetes.io/proxy-buffering': 'off' });
    const keys = Object.keys(ingress.metadata.annotations ?? {});
    // A rewritten path, or lines of configuration of one's own, could reach anything.
    expect(keys.filter((key) => /rewrite|snippet|use-regex|app-root|upstream-vhost/.test(key))).toEqual([]);
  });
});

test('The web client left out, the API stays as it is', () => {
  const { rules } = specOf<IngressSpec>(ingressOf('kind without the web client'));
  for (const { http } of rules) {
    expect(http.paths.map(({ path }) => path)).toEqual(routes.map(({ prefix }) => prefix));
  }
});

test('The Gateway API variant has the same routes', () => {
  interface Rule {
    matches: { path: { type: string; value: string } }[];
    backendRefs: { name: string; port: number }[];
  }
  const [route] = ofKind(buildEnvironment('eks with all opt-ins'), 'HTTPRoute');
  const { rules } = specOf<{ rules: Rule[] }>(route as Resource);
  const listed = rules.flatMap(({ matches, backendRefs }) =>
    matches.map(({ path }) => ({ path: path.value, service: backendRefs[0]?.name })),
  );
  expect(listed).toEqual(expected);
});
