import { createInbox, type Inbox } from '../../src';
import { type TestDatabase, testDatabase, virtualClock, waitUntil } from '../../src/testing';

let database: TestDatabase;
let inbox: Inbox;
const clock = virtualClock();
let effects: string[];
const effect = (name: string) => async () => {
  effects.push(name);
};

beforeAll(async () => {
  database = await testDatabase();
  inbox = createInbox(database.connection, clock, 60_000);
});
afterAll(() => database.close());
beforeEach(async () => {
  await database.clear();
  effects = [];
});

const entry = (key: string) => database.connection.collection('inbox').findOne({ _id: key as never });

describe('the inbox', () => {
  test('When an event comes again, then its effect is not repeated', async () => {
    await inbox.once('event', effect('mail'));
    await inbox.once('event', effect('mail'));
    await inbox.once('another', effect('another mail'));
    expect(effects).toEqual(['mail', 'another mail']);
  });

  test('When it comes twice at once, then one does it, and the other is told to ask again later', async () => {
    let finish: () => void = () => undefined;
    const first = inbox.once(
      'event',
      () =>
        new Promise((resolve) => {
          finish = resolve;
        }),
    );
    await waitUntil(async () => (await entry('event'))?.state === 'pending', { what: 'the first has it in hand' });
    await expect(inbox.once('event', effect('mail'))).rejects.toThrow("another's hand");
    finish();
    await first;
    await inbox.once('event', effect('mail'));
    expect(effects).toEqual([]);
  });

  test('When forty replicas get it, then exactly one does it', async () => {
    const outcomes = await Promise.allSettled(Array.from({ length: 40 }, () => inbox.once('event', effect('mail'))));
    expect(effects).toEqual(['mail']);
    expect(outcomes.some(({ status }) => status === 'fulfilled')).toBe(true);
  });

  test('When the effect fails, then it is tried again with the next delivery', async () => {
    const failing = inbox.once('event', async () => {
      throw new Error('no mail server');
    });
    await expect(failing).rejects.toThrow('no mail server');
    await inbox.once('event', effect('mail'));
    expect(effects).toEqual(['mail']);
  });

  test('When a crash left it pending, then it is taken over after a minute, not before', async () => {
    await database.connection
      .collection('inbox')
      .insertOne({ _id: 'event', state: 'pending', at: clock.now() } as never);
    await expect(inbox.once('event', effect('mail'))).rejects.toThrow("another's hand");
    clock.advance(60_001);
    await inbox.once('event', effect('mail'));
    await inbox.once('event', effect('mail'));
    expect(effects).toEqual(['mail']);
  });
});
