// What stops a run before anything is started. The whole stack is started in tests/e2e.
import { once } from 'node:events';
import { existsSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { type AddressInfo, createServer, type Server } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { launch } from '../../src/launcher/launch';
import { Problem } from '../../src/settings/problem';
import { readSettings } from '../../src/settings/read-settings';

describe('a run that cannot start', () => {
  let root: string;
  let holder: Server;
  let taken: number;
  const said: string[] = [];
  beforeEach(async () => {
    root = mkdtempSync(join(tmpdir(), 'launch-'));
    holder = createServer().listen(0, '127.0.0.1');
    await once(holder, 'listening');
    taken = (holder.address() as AddressInfo).port;
    said.length = 0;
  });
  afterEach(() => {
    holder.close();
    rmSync(root, { recursive: true });
  });

  const start = (env: NodeJS.ProcessEnv) =>
    launch({
      settings: readSettings({ DATA_DIR: join(root, 'data'), PORT_BASE: '16600', PORT: '16699', ...env }),
      reload: false,
      say: (line) => said.push(line),
      stopRequest: new AbortController().signal,
      env: {},
    });

  test.each([
    ['the public port is taken', () => ({ PORT: String(taken) }), /^Port \d+ \(the public address\) is taken/],
    [
      "the simulator's port is taken",
      () => ({ STRIPE_PORT: String(taken) }),
      /^Port \d+ \(the Stripe simulator\) is taken .* STRIPE_PORT/,
    ],
    [
      'no MongoDB answers where one is said to be',
      () => ({ MONGO_URL: 'mongodb://127.0.0.1:1/?x=y' }),
      /^Nothing answers at MONGO_URL \(127\.0\.0\.1:1\)/,
    ],
    [
      'no Redis answers where one is said to be',
      () => ({ REDIS_URL: 'redis://:pw@127.0.0.1:1/0' }),
      /^Nothing answers at REDIS_URL \(127\.0\.0\.1:1\)/,
    ],
    [
      'the folder cannot be written',
      () => ({ DATA_DIR: join(root, 'file', 'data') }),
      /^Cannot write to .* set DATA_DIR/,
    ],
  ])('because %s says so in one sentence, starts nothing and leaves no claim', async (_why, env, message) => {
    writeFileSync(join(root, 'file'), '');
    const failure = await start(env()).then(
      () => undefined,
      (error: unknown) => error,
    );
    expect(failure).toBeInstanceOf(Problem);
    expect((failure as Problem).message).toMatch(message);
    expect((failure as Problem).message).not.toContain('\n');
    const run = join(root, 'data', 'run');
    if (existsSync(run)) expect(readdirSync(run)).toEqual([]);
    expect(said).toEqual([]);
  });
});
