// Against real brokers; that real daprd writes what is read here, and brings back what is put back, is in the
// conformance suite (services/common/test/conformance).
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { freePort } from '../../../../tests/setup/free-port';
import { command } from '../../src/commands/dead-letters';
import { type DeadLetterBox, deadEvents } from '../../src/dead-letters/dead-letters';
import { writeRecord } from '../../src/processes/process-record';
import { makeDataFolder } from '../../src/settings/data-folder';
import { Problem } from '../../src/settings/problem';
import { waitFor } from '../wait-for';
import { startNats, startRedis, type TestBroker } from './brokers';

const event = (id: string) => ({
  id,
  type: 'order.created',
  subject: 'order-1',
  time: '2026-11-21T10:00:00.000Z',
  data: { title: 'Grüße "quoted"\n' },
});

describe.each([
  ['redis', startRedis],
  ['nats', startNats],
] as const)('dead letters on %s', (name, startBroker) => {
  let broker: TestBroker;
  let box: DeadLetterBox;
  let dataDir: string;
  const kept = { ...process.env };

  // The first run may build the broker.
  beforeAll(async () => {
    broker = await startBroker(await freePort());
    box = await broker.open();
    dataDir = mkdtempSync(join(tmpdir(), 'ticketing-dead-letters-data-'));
  }, 600_000);

  afterAll(async () => {
    process.env = kept;
    await box?.close();
    await broker?.stop();
    rmSync(dataDir, { recursive: true, force: true });
  });

  const dead = async (topic: string) => deadEvents(await box.list(topic));

  test('When there are none, then there is nothing to list', async () => {
    expect(await box.list('orders')).toEqual([]);
    expect(await box.list('never-heard-of')).toEqual([]);
  });

  test('When one that its consumers had a moment ago is put back, then it is there once more, as it was', async () => {
    await broker.publish('orders', event('a'));
    await broker.publish('orders.dead', event('a'));
    const [letter] = await dead('orders');
    expect(letter).toMatchObject({ id: 'a', type: 'order.created', subject: 'order-1', time: event('a').time });
    expect(Math.abs(Date.now() - (letter?.letters[0]?.diedAt.getTime() ?? 0))).toBeLessThan(60_000);

    expect(await box.putBack('orders', letter?.letters ?? [])).toBe(true);
    expect((await broker.read('orders')).map((json) => JSON.parse(json))).toEqual([event('a'), event('a')]);
    expect(await dead('orders')).toEqual([]);
  });

  test('When two people put the same back at once, then it is there once', async () => {
    await broker.publish('orders.dead', event('b'));
    const letters = await box.list('orders');
    const other = await broker.open();
    const done = await Promise.all([box.putBack('orders', letters), other.putBack('orders', letters)]);
    await other.close();
    expect(done).toContain(true);
    expect((await broker.read('orders')).filter((json) => JSON.parse(json).id === 'b')).toHaveLength(1);
    expect(await box.putBack('orders', letters)).toBe(false);
    expect((await broker.read('orders')).filter((json) => JSON.parse(json).id === 'b')).toHaveLength(1);
  });

  test('When there are many, then all are listed, oldest first', async () => {
    const ids = Array.from({ length: 1_100 }, (_, index) => `many-${index}`);
    for (const id of ids) await broker.publish('users.dead', event(id));
    expect((await dead('users')).map(({ id }) => id)).toEqual(ids);
  }, 60_000);

  describe('by the command', () => {
    const run = async (...words: string[]) => {
      const printed: string[] = [];
      const write = jest.spyOn(process.stdout, 'write').mockImplementation((text) => printed.push(String(text)) > 0);
      try {
        expect(await command.run(words)).toBe(0);
      } finally {
        write.mockRestore();
      }
      return printed.join('');
    };

    beforeAll(async () => {
      process.env.DATA_DIR = dataDir;
      process.env.REDIS_URL = '';
      writeRecord(makeDataFolder(dataDir).recordFile, {
        launcher: { name: 'launcher', pid: process.pid, startedAt: '' },
        publicUrl: 'http://localhost:3000',
        ports: { [name]: broker.port },
        groups: [],
        removals: [],
      });
      for (const letter of await dead('orders')) await box.putBack('orders', letter.letters);
    });

    test('When two apps gave an event up, then it is listed once, put back once, and both letters are gone', async () => {
      await broker.publish('orders.dead', event('c'));
      // JetStream drops what repeats an id within a tenth of a second.
      const first = Date.now();
      await waitFor(() => Date.now() > first + 150);
      await broker.publish('orders.dead', event('c'));

      const listed = await run('orders');
      expect(listed).toMatch(
        /^orders +c +order\.created +order-1 +2026-11-21T10:00:00\.000Z +2\S+Z +2 +not in the logs here$/m,
      );
      expect(await dead('orders')).toHaveLength(1);

      expect(await run('orders', '--replay')).toMatch(/^Put 1 back to orders\.$/m);
      expect((await broker.read('orders')).filter((json) => JSON.parse(json).id === 'c')).toHaveLength(1);
      expect(await run('orders')).toBe('No dead letters of orders.\n');
    });

    test('When services logged that they failed on it, then they are named, of all the starts that are kept', async () => {
      await broker.publish('orders.dead', event('d'));
      const failed = (id: string) =>
        `== APP - x == {"level":40,"topic":"orders","type":"order.created","eventId":"${id}","msg":"event will be tried again"}\n`;
      const write = (file: string, text: string) => writeFileSync(join(dataDir, 'logs', file), text);
      write('payments_app_20261120100000.log', failed('d'));
      write('payments_app_20261121100000.log', '== APP - payments == {"level":30,"msg":"ready"}\n');
      write('expiration_app_20261121100000.log', failed('d') + failed('d'));
      write('tickets_app_20261121100000.log', failed('another'));

      expect(await run('orders')).toMatch(/^orders +d .* +1 +expiration, payments$/m);
      await run('orders', '--replay');
    });

    test('When a topic is not known, or nothing runs, then one sentence says so', async () => {
      await expect(run('order')).rejects.toThrow(
        new Problem('There is no topic order. There are: users, tickets, orders, charges, expirations.'),
      );
      process.env.DATA_DIR = join(dataDir, 'other');
      await expect(run()).rejects.toThrow(/^Nothing is running: make run first, or .* REDIS_URL\.$/);
      process.env.REDIS_URL = 'redis://127.0.0.1:1/0';
      await expect(run()).rejects.toThrow(/^The broker cannot be read: .*$/);
    });
  });
});

test('What is no event stands alone under its place', () => {
  const letter = { place: '1-0', diedAt: new Date(0), json: 'not json' };
  expect(deadEvents([letter, { ...letter, place: '2-0', json: '7' }])).toMatchObject([
    { id: '1-0', type: 'not an event' },
    { id: '2-0', type: 'not an event' },
  ]);
});
