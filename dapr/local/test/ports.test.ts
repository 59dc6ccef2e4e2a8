import { apps, servers } from '../src/apps';
import { namedPorts, portSpan, portsFrom } from '../src/ports';

const all = (base: number) => namedPorts(portsFrom(base), base - 1).map(({ port }) => port);

describe('the table of ports', () => {
  test('uses no port twice', () => {
    expect(new Set(all(14_000)).size).toBe(all(14_000).length);
  });

  test('keeps within its span, so that stacks a span apart share no port', () => {
    const derived = all(14_000).filter((port) => port !== 13_999);
    expect(Math.min(...derived)).toBeGreaterThan(14_000);
    expect(Math.max(...derived)).toBeLessThan(14_000 + portSpan);
    const other = new Set(all(14_000 + portSpan));
    expect(derived.filter((port) => other.has(port))).toEqual([]);
  });

  test('has a port for each service and the web client, and four for each sidecar; these numbers are written elsewhere too', () => {
    const ports = portsFrom(15_000);
    expect(servers.map((server) => ports.apps[server].app)).toEqual([
      15_001, 15_002, 15_003, 15_004, 15_005, 15_006, 15_009,
    ]);
    expect(apps.map((app) => ports.apps[app].daprHttp)).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9].map((n) => 15_010 + n));
    expect(ports.apps.gateway.app).toBeUndefined();
  });

  test('moves the Stripe simulator alone when told to', () => {
    const ports = namedPorts(portsFrom(14_000, 12_111), 3_000);
    expect(ports).toContainEqual({ port: 12_111, purpose: 'the Stripe simulator', variable: 'STRIPE_PORT' });
    expect(ports.map(({ port }) => port)).not.toContain(14_056);
  });

  test('leaves out what is not started', () => {
    const purposes = namedPorts(portsFrom(14_000), 3_000, ['redis', 'mongo']).map(({ purpose }) => purpose);
    expect(purposes).not.toContain('Redis');
    expect(purposes).toContain('NATS');
  });
});
