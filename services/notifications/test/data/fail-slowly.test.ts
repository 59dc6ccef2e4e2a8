import { DropEvent } from '@ticketing/common';
import { failSlowly } from '../../src/data/fail-slowly';

const mail = ['sold', 'ada', { subject: 'A subject', html: '<p>A text</p>' }] as const;
const elapsedMs = async (work: Promise<void>): Promise<{ ms: number; failure: unknown }> => {
  const begun = performance.now();
  const failure = await work.catch((error: unknown) => error);
  return { ms: performance.now() - begun, failure };
};

test('When a mail may be sent later, then that is said no sooner than the time set', async () => {
  const away = new Error('connection refused');
  const { ms, failure } = await elapsedMs(failSlowly(() => Promise.reject(away), 300)(...mail));
  expect(failure).toBe(away);
  // A timer may fire a fraction of a millisecond early.
  expect(ms).toBeGreaterThanOrEqual(299);
});

test('When it took that long already, then it is said at once', async () => {
  const slow = () => new Promise<void>((_resolve, reject) => setTimeout(() => reject(new Error('slow')), 200));
  const { ms, failure } = await elapsedMs(failSlowly(slow, 100)(...mail));
  expect(failure).toEqual(new Error('slow'));
  expect(ms).toBeGreaterThanOrEqual(199);
});

test('When it is sent, or never will be, then nobody waits', async () => {
  const never = 3600_000;
  await failSlowly(async () => undefined, never)(...mail);
  await expect(failSlowly(() => Promise.reject(new DropEvent('no such mailbox')), never)(...mail)).rejects.toThrow(
    'no such mailbox',
  );
});
