// What is reachable from outside: the ingress, its twin for the Gateway API and the local gateway name the same. What a real
// nginx makes of it is tried in routes-by-nginx.test.ts.
import type { IncomingMessage } from 'node:http';
import { chooseEncoding } from '../../../dapr/local/src/gateway/choose-encoding';
import { routes } from '../../../dapr/local/src/gateway/routes';
import { buildEnvironment, type Environment } from './environments';
import { type IngressSpec, ofKind, type Resource, specOf } from './resource';
import { valuesOnEks, valuesOnKind } from './routes-by-nginx';

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

test('ingress-nginx is told the same on kind and on EKS, but that browsers may come back to kind by HTTP', () => {
  const { config, proxySetHeaders } = valuesOnKind().controller;
  const { hsts, ...others } = config;
  expect(hsts).toBe('false');
  const onEks = valuesOnEks().controller;
  expect({ config: others, proxySetHeaders }).toEqual({ config: onEks.config, proxySetHeaders: onEks.proxySetHeaders });
});

test('Every host of kind is reached by HTTP as it is by HTTPS', () => {
  const redirects = ofKind(buildEnvironment('kind'), 'Ingress').map(({ metadata }) => [
    metadata.name,
    metadata.annotations?.['nginx.ingress.kubernetes.io/ssl-redirect'],
  ]);
  expect(redirects.sort()).toEqual([
    ['mail-catcher', 'false'],
    ['stripe-simulator', 'false'],
    ['ticketing', 'false'],
  ]);
});

describe('ingress-nginx compresses', () => {
  const { config } = valuesOnEks().controller;
  const byGateway = (type: string, length = 10_000) =>
    chooseEncoding({ method: 'GET', headers: { 'accept-encoding': 'br, gzip' } } as IncomingMessage, 200, {
      'content-type': type,
      'content-length': String(length),
    })?.name;

  test('by brotli, and by gzip for who does not know it, the same and from the same length on', () => {
    expect(config).toMatchObject({ 'enable-brotli': 'true', 'use-gzip': 'true' });
    expect(config['gzip-types']).toBe(config['brotli-types']);
    expect(config['gzip-min-length']).toBe(config['brotli-min-length']);
    const least = Number(config['brotli-min-length']);
    expect([least - 1, least].map((length) => byGateway('text/css', length))).toEqual([undefined, 'br']);
  });

  test('what the local gateway does', () => {
    const types = [...(config['brotli-types'] ?? '').trim().split(/\s+/), 'text/html'];
    expect(types).toEqual(expect.arrayContaining(['application/json', 'text/css', 'application/javascript']));
    expect(types.filter((type) => byGateway(type) !== 'br')).toEqual([]);
    const never = ['text/event-stream', 'application/pdf', 'image/png', 'font/woff2'];
    expect(never.filter((type) => byGateway(type) || types.includes(type))).toEqual([]);
  });
});

describe('The Gateway API variant', () => {
  interface Route {
    parentRefs: { name: string; namespace: string; sectionName: string }[];
    hostnames: string[];
    rules: {
      matches?: { path: { type: string; value: string } }[];
      filters?: { type: string; requestHeaderModifier?: { remove: string[] }; requestRedirect?: object }[];
      backendRefs?: { name: string; port: number }[];
      timeouts?: object;
    }[];
  }
  const routesOf = ofKind(buildEnvironment('eks with all opt-ins'), 'HTTPRoute').map((one) => ({
    name: one.metadata.name,
    ...specOf<Route>(one),
  }));
  const named = (wanted: string) => routesOf.find(({ name }) => name === wanted) as Route;
  const main = named('ticketing');

  test('has the same routes, by HTTPS, and lets streams last', () => {
    const listed = main.rules.flatMap(({ matches = [], backendRefs = [] }) =>
      matches.map(({ path }) => ({ path: path.value, service: backendRefs[0]?.name })),
    );
    expect(listed).toEqual(expected);
    expect(main.parentRefs.map(({ sectionName }) => sectionName)).toEqual(['https']);
    for (const { timeouts } of main.rules) expect(timeouts).toEqual({ request: '0s' });
  });

  test('takes from each request by what the ingress knows sidecars', () => {
    const { proxySetHeaders } = valuesOnEks().controller;
    const pretences = Object.keys(proxySetHeaders).filter((name) => name.startsWith('dapr-'));
    expect(pretences.length).toBeGreaterThan(2);
    for (const { filters } of main.rules) {
      expect(filters).toEqual([{ type: 'RequestHeaderModifier', requestHeaderModifier: { remove: pretences } }]);
    }
  });

  test('sends who comes by HTTP to HTTPS, whatever they ask for, and serves nobody there', () => {
    const redirect = named('ticketing-to-https');
    const [{ name, namespace } = { name: '', namespace: '' }] = main.parentRefs;
    expect(redirect).toMatchObject({
      parentRefs: [{ name, namespace, sectionName: 'http' }],
      hostnames: main.hostnames,
    });
    const sent = { type: 'RequestRedirect', requestRedirect: { scheme: 'https', statusCode: 301 } };
    expect(redirect.rules).toEqual([{ filters: [sent] }]);
    expect(routesOf.length).toBe(2);
  });
});
