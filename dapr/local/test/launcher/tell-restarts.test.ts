import { tellRestarts } from '../../src/launcher/tell-restarts';

const settled = () => new Promise((resolve) => setImmediate(resolve));

describe('what the terminal is told of restarts', () => {
  const halt = new AbortController();
  const ready = new Map<string, boolean>();
  let said: string[];
  let restarts: ReturnType<typeof tellRestarts>;
  beforeEach(() => {
    said = [];
    restarts = tellRestarts({
      say: (line) => said.push(line),
      answers: (name) => (ready.has(name) ? async () => ready.get(name) === true : undefined),
      halt: halt.signal,
    });
  });
  afterAll(() => halt.abort());

  test('nothing of a first start', async () => {
    restarts.running('orders');
    await settled();
    expect(said).toEqual([]);
  });

  test('one line when it ends, with how, and one when it answers again', async () => {
    ready.set('orders', false);
    restarts.ended('orders', { code: 3, signal: null }, 250);
    restarts.running('orders');
    await settled();
    expect(said).toEqual(['orders ended with exit code 3, starting it again in 250 ms.']);
    ready.set('orders', true);
    const deadline = Date.now() + 5_000;
    while (said.length < 2 && Date.now() < deadline) await settled();
    expect(said[1]).toMatch(/^orders is back, after \d+\.\d s\.$/);
  });

  test('that it was killed, and is back once started where nothing more can be asked', async () => {
    restarts.ended('backing', { code: null, signal: 'SIGKILL' }, 250);
    restarts.running('backing');
    await settled();
    expect(said).toEqual([
      'backing was killed (SIGKILL), starting it again in 250 ms.',
      expect.stringMatching(/^backing is back/),
    ]);
  });

  test('of one whose end only its absence tells', async () => {
    restarts.died('orders.runner');
    restarts.running('orders.runner');
    await settled();
    expect(said).toEqual([
      'orders.runner has died, starting it again.',
      expect.stringMatching(/^orders.runner is back/),
    ]);
  });

  test('nothing while everything stops', async () => {
    halt.abort();
    restarts.ended('orders', { code: 0, signal: null }, 250);
    restarts.running('orders');
    await settled();
    expect(said).toEqual([]);
  });
});
