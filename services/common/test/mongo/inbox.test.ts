import { createInbox, type Inbox } from '../../src';
import {
  type DoorToMongo,
  doorToMongo,
  type TestDatabase,
  testDatabase,
  virtualClock,
  waitUntil,
} from '../../src/testing';

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

  test('When an event still comes again after weeks, then it is remembered from then on', async () => {
    await inbox.once('event', effect('mail'));
    clock.advance(30 * 24 * 3600_000);
    await inbox.once('event', effect('mail'));
    expect(effects).toEqual(['mail']);
    expect(await entry('event')).toMatchObject({ state: 'done', at: clock.now() });
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

  /** Begun, and ended only when the test says so. */
  const begun = async (key: string) => {
    let succeed: () => void = () => undefined;
    let fail: (error: Error) => void = () => undefined;
    let started = false;
    const ended = inbox.once(key, () => {
      started = true;
      return new Promise<void>((resolve, reject) => {
        succeed = resolve;
        fail = reject;
      });
    });
    ended.catch(() => undefined);
    await waitUntil(() => started, { what: 'it is begun' });
    return { ended, succeed: () => succeed(), fail: (reason: string) => fail(new Error(reason)) };
  };

  test('When the first fails after a second has taken it over, then the second keeps it, and a third delivery does nothing', async () => {
    const first = await begun('event');
    clock.advance(60_001);
    const second = await begun('event');

    first.fail('too late');
    await expect(first.ended).rejects.toThrow('too late');

    await expect(inbox.once('event', effect('mail'))).rejects.toThrow("another's hand");
    second.succeed();
    await second.ended;
    await inbox.once('event', effect('mail'));
    expect(effects).toEqual([]);
  });

  test('When the first succeeds after a second has taken it over and failed, then it stays done', async () => {
    const first = await begun('event');
    clock.advance(60_001);
    const second = await begun('event');
    second.fail('refused');
    await expect(second.ended).rejects.toThrow('refused');

    first.succeed();
    await first.ended;

    await inbox.once('event', effect('mail'));
    expect(effects).toEqual([]);
  });

  describe('when the database goes away', () => {
    let door: DoorToMongo;
    afterEach(() => door.close());
    const away = async () => {
      door = await doorToMongo(database);
      return { own: createInbox(door.connection, clock, 60_000), other: inbox };
    };
    const anotherReplica = "another's hand";

    test('before a failed one is freed, then the next try here has it at once, and one elsewhere after a minute', async () => {
      const { own, other } = await away();
      const failing = own.once('event', async () => {
        door.shut();
        throw new Error('no mail server');
      });
      await expect(failing).rejects.toThrow('no mail server');
      await expect(own.once('event', effect('too early'))).rejects.toThrow();
      door.open();

      await expect(other.once('event', effect('elsewhere'))).rejects.toThrow(anotherReplica);
      await own.once('event', effect('mail'));
      await own.once('event', effect('mail again'));
      await other.once('event', effect('mail elsewhere'));

      expect(effects).toEqual(['mail']);
    });

    test('before it is noted, then the next try here notes it and repeats nothing', async () => {
      const { own, other } = await away();
      const lost = own.once('event', async () => {
        effects.push('mail');
        door.shut();
      });
      await expect(lost).rejects.toThrow();
      door.open();

      await own.once('event', effect('mail again'));
      await other.once('event', effect('mail elsewhere'));

      expect(effects).toEqual(['mail']);
    });

    test('and another has it in hand by then, then it is left alone', async () => {
      const { own, other } = await away();
      const failing = own.once('event', async () => {
        door.shut();
        throw new Error('no mail server');
      });
      await expect(failing).rejects.toThrow('no mail server');
      clock.advance(60_001);
      door.open();

      await other.once('event', async () => {
        await expect(own.once('event', effect('mail again'))).rejects.toThrow(anotherReplica);
        effects.push('mail elsewhere');
      });
      await own.once('event', effect('mail again'));

      expect(effects).toEqual(['mail elsewhere']);
    });
  });
});
