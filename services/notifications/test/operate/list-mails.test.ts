import { mailModel } from '../../src/data/mail-queue';
import { describeMails } from '../../src/operate/describe-mails';
import { listGivenUp, listWaiting, mostListed, queueAgain } from '../../src/operate/list-mails';
import { greylisted, mail, mailServer, refused, sharedSending } from '../send/sending';

// A deadline on a machine that may be busy, not a measure.
jest.setTimeout(60_000);

const sending = sharedSending();
const model = () => mailModel(sending.database.connection);
const shown = async () => describeMails(await listWaiting(model()), await listGivenUp(model()));

test('When nothing waits, then that is said', async () => {
  const { post, sender } = sending.replica({ binding: mailServer() });
  await post('sold', 'ada', mail);
  await sender.flush();

  expect(await shown()).toBe('No mail waits.\nNo mail was given up.');
});

test('When mails wait or were given up, then each is listed with what happened to it', async () => {
  const server = mailServer();
  server.answer = (address) => (address.startsWith('grey') ? greylisted : refused);
  const { post, sender, queue } = sending.replica({ binding: server });
  for (const userId of ['grey', 'nobody']) await post('sold', userId, mail);
  await sender.flush();
  await queue.add({ id: 'sold:held', userId: 'held', mail });
  await queue.take('sold:held');

  expect(await shown()).toBe(
    [
      '2 mails waiting:',
      '  sold:grey "A subject", queued 2026-11-21T10:00:00.000Z, 1 attempt, next attempt 2026-11-21T10:00:30.000Z',
      `    not taken now: ${greylisted}`,
      '  sold:held "A subject", queued 2026-11-21T10:00:00.000Z, 1 attempt, in hand',
      '1 mail given up:',
      '  sold:nobody "A subject", queued 2026-11-21T10:00:00.000Z, given up 2026-11-21T10:00:00.000Z after 1 attempt',
      `    refused for good: ${refused}`,
    ].join('\n'),
  );
});

test('When very many wait, then the oldest are listed, and how many more there are', async () => {
  const { queue } = sending.replica({ binding: mailServer() });
  for (let index = 0; index < mostListed + 2; index += 1)
    await queue.add({ id: `sold:user-${index}`, userId: `user-${index}`, mail });

  const lines = (await shown()).split('\n');
  expect(lines[0]).toBe(`${mostListed + 2} mails waiting:`);
  expect(lines).toContain('  and 2 more');
});

test('When one that was given up is queued again, then it alone is sent', async () => {
  const server = mailServer();
  server.answer = () => refused;
  const { post, sender } = sending.replica({ binding: server });
  for (const userId of ['ada', 'bob']) await post('sold', userId, mail);
  await sender.flush();
  server.answer = () => undefined;

  expect(await queueAgain(model(), sending.clock, 'sold:ada')).toBe(1);
  expect(await queueAgain(model(), sending.clock, 'sold:nobody')).toBe(0);
  await sender.sweep();

  expect(server.took).toEqual(['ada@example.com']);
  expect(await sending.stored('sold:ada')).toMatchObject({ state: 'sent', attempts: 1 });
  expect(await sending.stored('sold:bob')).toMatchObject({ state: 'given-up' });
});
