// A service that is dead for longer than its sidecar would try: the sidecar sees it (app health check) and leaves the
// events with the broker, instead of giving them up one after the other.
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { mailsTo } from '../stack/mails';
import { processOf } from '../stack/processes';
import { type Stack, startStack } from '../stack/start-stack';
import { visitorsOf } from '../stack/visitor';
import { waitFor } from '../stack/wait-for';

const awayMs = 20_000;
const program = join(__dirname, '../../dapr/local/dist/main.js');

/** Each takes a minute and a half; `BROKERS=all` tries both. */
const brokers = process.env.BROKERS === 'all' ? ['redis', 'nats'] : ['redis'];

test.each(brokers)(
  'When notifications is dead for 20 s (%s), then what it missed is handled afterwards, and nothing is a dead letter',
  async (broker) => {
    const stack = await startStack({ portBase: 31_000, env: { PUBSUB: broker } });
    const people = visitorsOf(stack.url);
    // It would start the service again at once.
    const runner = processOf(stack.pid, /main\.js runner -- \S+ \S*services\/notifications\/dist\/main\.js/);
    try {
      await people.signUp('before@example.com');
      await welcomed(stack, 'before@example.com');

      process.kill(runner.pid, 'SIGSTOP');
      const service = processOf(stack.pid, /^\S*node (--require \S+ )?\S*services\/notifications\/dist\/main\.js/);
      process.kill(service.pid, 'SIGKILL');
      const backAt = Date.now() + awayMs;
      const missed = ['first@example.com', 'second@example.com', 'last@example.com'];
      for (const address of missed.slice(0, 2)) await people.signUp(address);
      await waitFor('it was away long enough', async () => Date.now() >= backAt, awayMs * 2);
      for (const address of missed.slice(2)) await people.signUp(address);
      process.kill(runner.pid, 'SIGCONT');

      for (const address of missed) await welcomed(stack, address);
      expect(deadLetters(stack)).toBe('No dead letters of users.\n');
    } finally {
      process.kill(runner.pid, 'SIGCONT');
      await people.close();
      expect(await stack.stop()).toBe(0);
    }
  },
  1_800_000,
);

/** What was in hand when the service died comes again after the brokers' 60 s. */
const welcomed = (stack: Stack, address: string) =>
  waitFor(
    `a mail to ${address}`,
    async () => (await mailsTo(stack, address)).some(({ subject }) => subject.startsWith('Welcome to')),
    150_000,
  );

function deadLetters(stack: Stack): string {
  const { stdout, stderr } = spawnSync(process.execPath, [program, 'dead-letters', 'users'], {
    env: { ...process.env, DATA_DIR: stack.dataDir },
    encoding: 'utf8',
  });
  return stdout + stderr;
}
