// How mails wait for each other, and what of it the inbox knows.
import { bindingTimeoutMs, createInbox, defaultAnswerWithinMs, type OutputBinding } from '@ticketing/common';
import { type TestDatabase, testDatabase, virtualClock, waitUntil } from '@ticketing/common/testing';
import { createMailer } from '../../src/data/mailer';
import { postOffice, takenOverAfterMs, turnLimits } from '../../src/data/post-office';
import type { Recipients } from '../../src/data/recipients';
import { takeTurns } from '../../src/data/take-turns';

let database: TestDatabase;
beforeAll(async () => {
  database = await testDatabase();
});
afterAll(() => database.close());
beforeEach(() => database.clear());

const clock = virtualClock();
const mail = { subject: 'A subject', html: '<p>A text</p>' };
const recipients: Recipients = {
  learn: async () => undefined,
  addressOf: async (userId) => `${userId}@example.com`,
};

const office = (binding: OutputBinding) =>
  postOffice({
    inbox: createInbox(database.connection, clock, takenOverAfterMs),
    recipients,
    mailer: createMailer(binding),
    turns: takeTurns({ ...turnLimits, waitMs: 60_000 }),
  });

/** A mail server that takes each mail only when the test says so. */
function heldBinding() {
  const asked: string[] = [];
  const waiting: (() => void)[] = [];
  const binding: OutputBinding = {
    send: (_operation, _data, metadata) => {
      asked.push(metadata?.emailTo ?? '');
      return new Promise((resolve) => waiting.push(resolve));
    },
  };
  return { binding, asked, take: () => waiting.shift()?.() };
}

describe('the post office', () => {
  test('When a mail waits long behind a slow one and is asked for again, then it still goes once', async () => {
    const { binding, asked, take } = heldBinding();
    const post = office(binding);
    const slow = post('sold', 'ada', mail);
    await waitUntil(() => asked.length === 1, { what: 'the slow mail is in hand' });
    const waits = post('sold', 'bob', mail);

    clock.advance(takenOverAfterMs + 1);
    const again = post('sold', 'bob', mail);
    take();
    await slow;
    await waitUntil(() => asked.length === 2, { what: 'the next mail is in hand' });
    take();
    await Promise.all([waits, again]);

    expect(asked).toEqual(['ada@example.com', 'bob@example.com']);
  });

  test('When a mail waits for its turn, then the inbox does not know of it yet', async () => {
    const { binding, asked, take } = heldBinding();
    const post = office(binding);
    const first = post('sold', 'ada', mail);
    await waitUntil(() => asked.length === 1, { what: 'the first mail is in hand' });
    const second = post('sold', 'bob', mail);

    const known = await database.connection.collection('inbox').find().toArray();
    expect(known).toMatchObject([{ _id: 'sold:ada', state: 'pending' }]);

    take();
    await waitUntil(() => asked.length === 2, { what: 'the second mail is in hand' });
    take();
    await Promise.all([first, second]);
  });

  test('a mail is not taken over while it can still be in hand, and its turn leaves time to send it', () => {
    const invocationTimeoutMs = 5_000;
    expect(bindingTimeoutMs).toBeLessThan(10_000);
    expect(takenOverAfterMs).toBeGreaterThan(invocationTimeoutMs + bindingTimeoutMs);
    expect(turnLimits.waitMs).toBeLessThan(defaultAnswerWithinMs);
  });
});

describe('a binding that mixes up mails which are sent at once', () => {
  /** The fault of the SMTP binding: what a request says is merged into one field of all requests, then read from it. */
  const bindingThatMixesUp = () => {
    const shared: { to?: string | undefined } = {};
    const mixedUp: string[] = [];
    let sent = 0;
    const binding: OutputBinding = {
      async send(_operation, data, metadata) {
        shared.to = metadata?.emailTo;
        await new Promise((resolve) => setImmediate(resolve));
        if (shared.to !== data) mixedUp.push(`${data} went to ${shared.to}`);
        sent += 1;
      },
    };
    return { binding, mixedUp, sent: () => sent };
  };
  const names = ['ada', 'grace', 'edith'];
  const addressed = (name: string) => ({ subject: 'x', html: `${name}@example.com` });

  test('When mails are posted at once, then each still goes to its own address', async () => {
    const { binding, mixedUp, sent } = bindingThatMixesUp();
    const post = office(binding);

    await Promise.all(names.map((name) => post('welcome', name, addressed(name))));

    expect([mixedUp, sent()]).toEqual([[], 3]);
  });

  test('Without taking turns, mails would go to others (the fault is real)', async () => {
    const { binding, mixedUp } = bindingThatMixesUp();
    const mailer = createMailer(binding);

    await Promise.all(names.map((name) => mailer.send(`${name}@example.com`, addressed(name))));

    expect(mixedUp).not.toEqual([]);
  });
});
