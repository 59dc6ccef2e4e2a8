import { once } from 'node:events';
import { type AddressInfo, createServer, type Server } from 'node:net';
import { checkPorts } from '../../src/processes/check-ports';

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
