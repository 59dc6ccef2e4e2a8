import { once } from 'node:events';
import { type AddressInfo, createServer, type Server } from 'node:net';
import { checkPorts, portTaken } from '../../src/processes/check-ports';

describe('checking ports', () => {
  let holder: Server;
  let taken: number;
  beforeEach(async () => {
    holder = createServer().listen(0, '127.0.0.1');
    await once(holder, 'listening');
    taken = (holder.address() as AddressInfo).port;
  });
  afterEach(() => {
    holder.close();
  });

  test.each([
    ['PORT', 'the public address', /^Port \d+ \(the public address\) is taken .* set PORT to/],
    ['PORT_BASE', 'Redis', /^Port \d+ \(Redis\) is taken .* set PORT_BASE to/],
  ] as const)('names one that is taken, what it is for and %s', async (variable, purpose, message) => {
    await expect(checkPorts([{ port: taken, purpose, variable }])).rejects.toThrow(message);
  });

  test('hints at one that connections do not get', async () => {
    const at = (port: number) => portTaken({ port, purpose: 'Redis', variable: 'PORT_BASE' }).message;
    expect(at(49_050)).toBe(
      'Port 49050 (Redis) is taken by another program: stop that, or set PORT_BASE to one below 32768: ports from there to 60999 are also given to outgoing connections.',
    );
    for (const port of [32_767, 61_000])
      expect(at(port)).toMatch(/set PORT_BASE to another number \(200 further is safe\)\.$/);
  });

  test('passes free ones and leaves them free', async () => {
    holder.close();
    await once(holder, 'close');
    const free = [{ port: taken, purpose: 'x', variable: 'PORT' as const }];
    await checkPorts(free);
    await checkPorts(free);
  });

  test('names two that would be the same', async () => {
    holder.close();
    await once(holder, 'close');
    const ports = [
      { port: taken, purpose: 'the public address', variable: 'PORT' as const },
      { port: taken, purpose: 'Redis', variable: 'PORT_BASE' as const },
    ];
    await expect(checkPorts(ports)).rejects.toThrow(/both the public address and Redis/);
  });
});
