// How the queue is drained: at once, again later, by one replica at a time, and what holds up whom.
import { bindingTimeoutMs, currentTraceparent, type OutputBinding, withTrace } from '@ticketing/common';
import { waitUntil } from '@ticketing/common/testing';
import { leaseMs, type MailQueue, mailModel } from '../../src/data/mail-queue';
import { createMailer } from '../../src/data/mailer';
import { givenUpAfterMs, serverPauseMs } from '../../src/domain/next-attempt';
import { queueAgain } from '../../src/operate/list-mails';
import { away, greylisted, mail, mailServer, type Replica, refused, sharedSending } from './sending';

// Many writes each, on a machine that may be busy: a deadline, not a measure.
jest.setTimeout(60_000);

const minuteMs = 60_000;
const sending = sharedSending();

const metricOf = async ({ metrics }: Replica, name: string, labels: object) => {
  const { values } = (await metrics.registry.getSingleMetric(name)?.get()) ?? { values: [] };
  return values.find((value) => Object.entries(labels).every(([label, is]) => value.labels[label] === is))?.value;
};

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

describe('a mail that was queued', () => {
  test('When nothing is wrong, then it is sent at once, and its content is forgotten', async () => {
    const { binding, asked, take } = heldBinding();
    const { post, sender } = sending.replica({ binding });

    await post('sold', 'ada', mail);
    await waitUntil(() => asked.length === 1, { what: 'the mail is in hand' });
    expect(await sending.stored('sold:ada')).toMatchObject({ state: 'waiting', mail });
    take();
    await sender.flush();

    expect(asked).toEqual(['ada@example.com']);
    const kept = await sending.stored('sold:ada');
    expect(Object.keys(kept ?? {}).sort()).toEqual(['_id', 'attempts', 'queuedAt', 'settledAt', 'state', 'userId']);
    expect(kept).toMatchObject({ state: 'sent', attempts: 1 });
  });

  test('When it is for an address of its own, then it goes there', async () => {
    const server = mailServer();
    const { post, sender } = sending.replica({ binding: server });

    await post('account-changed:2', 'ada', mail, 'before@example.com');
    await sender.flush();

    expect(server.took).toEqual(['before@example.com']);
  });

  test('When it is asked for again after it was sent, then it does not go again, and is remembered for longer', async () => {
    const server = mailServer();
    const { post, sender } = sending.replica({ binding: server });
    await post('sold', 'ada', mail);
    await sender.flush();

    sending.clock.advance(20 * 24 * 60 * minuteMs);
    await post('sold', 'ada', mail);
    await sender.sweep();

    expect(server.took).toHaveLength(1);
    expect((await sending.stored('sold:ada'))?.settledAt).toEqual(sending.clock.now());
  });

  test('When many wait, then one sweep sends them all, and tells how many and how long they have waited', async () => {
    const server = mailServer();
    const waiting = sending.replica({ binding: server });
    const names = Array.from({ length: 130 }, (_, index) => `user-${index}`);
    for (const userId of names) await waiting.queue.add({ id: `sold:${userId}`, userId, mail });
    sending.clock.advance(minuteMs);
    server.answer = () => away;
    await waiting.sender.sweep();
    expect(await metricOf(waiting, 'work_waiting', { kind: 'mail' })).toBe(130);
    expect(await metricOf(waiting, 'work_waiting_seconds', { kind: 'mail' })).toBe(60);

    server.answer = () => undefined;
    sending.clock.advance(minuteMs);
    await waiting.sender.sweep();

    expect([...server.took].sort()).toEqual(names.map((name) => `${name}@example.com`).sort());
    expect(await metricOf(waiting, 'work_waiting', { kind: 'mail' })).toBe(0);
    expect(await metricOf(waiting, 'work_waiting_seconds', { kind: 'mail' })).toBe(0);
  });

  test('When it is sent, then in the trace of what it is about', async () => {
    const traceparent = '00-0123456789abcdef0123456789abcdef-0123456789abcdef-01';
    const traces: unknown[] = [];
    const { post, sender } = sending.replica({ binding: { send: async () => void traces.push(currentTraceparent()) } });

    await withTrace(traceparent, () => post('sold', 'ada', mail));
    await sender.flush();

    expect(traces).toEqual([traceparent]);
  });
});

describe('what cannot be sent now', () => {
  test('When an address is greylisted, then it delays nobody, and its mail goes later', async () => {
    const server = mailServer();
    server.answer = (address) => (address.startsWith('grey') ? greylisted : undefined);
    const { post, sender } = sending.replica({ binding: server });
    const named = (name: string) => Array.from({ length: 8 }, (_, index) => `${name}-${index}`);

    for (const userId of [...named('grey'), ...named('good')]) await post('sold', userId, mail);
    await sender.flush();
    expect(server.took).toEqual(named('good').map((name) => `${name}@example.com`));
    expect(server.asked).toHaveLength(16);

    server.answer = () => undefined;
    await sender.sweep();
    expect(server.took).toHaveLength(8);
    sending.clock.advance(30_000);
    await sender.sweep();
    expect(server.took.slice(8).sort()).toEqual(named('grey').map((name) => `${name}@example.com`));
  });

  test('When the server is away for an hour, then one mail at a time asks for it, and all arrive when it is back', async () => {
    const server = mailServer();
    server.answer = () => away;
    const { post, sender, queue } = sending.replica({ binding: server });
    const users = Array.from({ length: 20 }, (_, index) => `user-${index}`);
    for (const userId of users) await post('sold', userId, mail);
    await sender.flush();
    const sweepMs = 15_000;
    for (let ms = 0; ms < 60 * minuteMs; ms += sweepMs) {
      sending.clock.advance(sweepMs);
      await sender.sweep();
    }
    expect(server.took).toEqual([]);
    expect(server.asked.length).toBeGreaterThan(100);
    expect(server.asked.length).toBeLessThan((60 * minuteMs) / serverPauseMs(100, 0.5) + 10);

    server.answer = () => undefined;
    for (let minutes = 0; minutes <= 40; minutes += 1) {
      sending.clock.advance(minuteMs);
      await sender.sweep();
    }
    expect([...server.took].sort()).toEqual(users.map((name) => `${name}@example.com`).sort());
    expect(await queue.waiting()).toEqual({ count: 0 });
  });

  test('When one mail makes the server hang, then it holds up the others once, and not for ever', async () => {
    const server = mailServer();
    server.answer = (address) =>
      address.startsWith('strange') ? 'binding mail: no answer from the sidecar within 9000 ms' : undefined;
    const { post, sender } = sending.replica({ binding: server });

    await post('sold', 'strange', mail);
    await sender.flush();
    for (const userId of ['ada', 'bob']) await post('sold', userId, mail);
    await sender.flush();
    expect(server.took).toEqual([]);
    sending.clock.advance(serverPauseMs(1, 0.5) - 1);
    await sender.sweep();
    expect(server.asked).toEqual(['strange@example.com']);

    sending.clock.advance(1);
    await sender.sweep();
    expect(server.took).toEqual(['ada@example.com', 'bob@example.com']);

    // It answered: the next failure is a first one again.
    await post('sold', 'stranger', mail);
    await sender.flush();
    sending.clock.advance(serverPauseMs(1, 0.5));
    await post('sold', 'eve', mail);
    await sender.flush();
    expect(server.took).toHaveLength(3);
  });

  test('When an address is refused for good, then its mail is given up at once, and the others go', async () => {
    const server = mailServer();
    server.answer = (address) => (address.startsWith('nobody') ? refused : undefined);
    const replica = sending.replica({ binding: server });
    expect(await metricOf(replica, 'work_given_up_total', { kind: 'mail', reason: 'refused' })).toBe(0);

    for (const userId of ['nobody', 'ada']) await replica.post('sold', userId, mail);
    await replica.sender.flush();
    sending.clock.advance(24 * 60 * minuteMs);
    await replica.sender.sweep();

    expect(server.asked).toEqual(['nobody@example.com', 'ada@example.com']);
    const givenUp = await sending.stored('sold:nobody');
    expect(givenUp).toMatchObject({ state: 'given-up', mail, attempts: 1 });
    expect(givenUp?.lastFailure).toContain('no such mailbox');
    expect(await metricOf(replica, 'work_given_up_total', { kind: 'mail', reason: 'refused' })).toBe(1);
  });

  test('When a mail was not taken for three days, then it is given up; queued again by an operator, it goes', async () => {
    const server = mailServer();
    server.answer = () => greylisted;
    const replica = sending.replica({ binding: server });
    await replica.post('sold', 'ada', mail);
    await replica.sender.flush();
    const until = async (ms: number) => {
      for (const end = sending.clock.now().getTime() + ms; sending.clock.now().getTime() < end; ) {
        sending.clock.advance(15 * minuteMs);
        await replica.sender.sweep();
      }
    };

    await until(givenUpAfterMs - 60 * minuteMs);
    expect(await sending.stored('sold:ada')).toMatchObject({ state: 'waiting' });
    await until(120 * minuteMs);
    expect(await sending.stored('sold:ada')).toMatchObject({ state: 'given-up', mail });
    expect(await metricOf(replica, 'work_given_up_total', { kind: 'mail', reason: 'too long' })).toBe(1);
    const tries = server.asked.length;
    await until(120 * minuteMs);
    expect(server.asked).toHaveLength(tries);

    server.answer = () => undefined;
    expect(await queueAgain(mailModel(sending.database.connection), sending.clock)).toBe(1);
    await replica.sender.sweep();
    expect(server.took).toEqual(['ada@example.com']);
  });
});

describe('replicas beside each other', () => {
  test('When all are after the same mails, then each is sent by one of them', async () => {
    const server = mailServer();
    const replicas = Array.from({ length: 6 }, () => sending.replica({ binding: server }));
    const users = Array.from({ length: 20 }, (_, index) => `user-${index}`);
    for (const userId of users) await replicas[0]?.queue.add({ id: `sold:${userId}`, userId, mail });

    await Promise.all(replicas.map(({ sender }) => sender.sweep()));

    expect([...server.took].sort()).toEqual(users.map((name) => `${name}@example.com`).sort());
  });

  /** @returns to whom the mail went while two replicas looked for it, one after the other, and the first was still at it */
  async function lookedForByTwo(queueOf: (replica: Replica) => MailQueue): Promise<string[]> {
    const { binding, asked, take } = heldBinding();
    const [one, other] = [0, 1].map(() => {
      const queue = queueOf(sending.replica({ binding }));
      return sending.replica({ binding, queue });
    }) as [Replica, Replica];
    await one.queue.add({ id: 'sold:ada', userId: 'ada', mail });
    const first = one.sender.sweep();
    await waitUntil(() => asked.length === 1, { what: 'the mail is in hand' });
    let looked = false;
    const second = other.sender.sweep().then(() => {
      looked = true;
    });
    await waitUntil(() => looked || asked.length === 2, { what: 'the other has looked for it' });
    take();
    take();
    await Promise.all([first, second]);
    return asked;
  }

  test('When a mail is in hand of one, then another does not send it', async () => {
    expect(await lookedForByTwo(({ queue }) => queue)).toHaveLength(1);
  });

  test('Without a lease that keeps others away, it would be sent twice', async () => {
    const leasing = ({ queue }: Replica): MailQueue => ({
      ...queue,
      async take(id) {
        const taken = await queue.take(id);
        await mailModel(sending.database.connection).updateOne({ _id: id }, { dueAt: sending.clock.now() });
        return taken;
      },
    });
    expect(await lookedForByTwo(leasing)).toHaveLength(2);
  });

  test('When one died with a mail in hand, then another takes it over after the lease, and not before', async () => {
    const server = mailServer();
    const { queue, sender } = sending.replica({ binding: server });
    await queue.add({ id: 'sold:ada', userId: 'ada', mail });
    expect(await queue.take('sold:ada')).toMatchObject({ id: 'sold:ada', mail, attempts: 1 });

    sending.clock.advance(leaseMs - 1);
    await sender.sweep();
    expect(server.asked).toEqual([]);
    sending.clock.advance(1);
    await sender.sweep();
    expect(server.took).toEqual(['ada@example.com']);
  });

  test('When an attempt ends after its lease, then what another does by then stands', async () => {
    const { queue } = sending.replica({ binding: mailServer() });
    await queue.add({ id: 'sold:ada', userId: 'ada', mail });
    const late = await queue.take('sold:ada');
    sending.clock.advance(leaseMs);
    const current = await queue.take('sold:ada');
    if (!late || !current) throw new Error('it was not taken');

    await queue.postpone(late, sending.clock.now(), 'late');
    expect(await queue.giveUp(late, 'late')).toBe(false);
    expect(await queue.due(10)).toEqual([]);
    expect(await sending.stored('sold:ada')).toMatchObject({ state: 'waiting', lease: current.lease });

    // That it was sent is true whoever has it in hand.
    await queue.noteSent(late);
    await queue.postpone(current, sending.clock.now(), 'not now');
    expect(await sending.stored('sold:ada')).toMatchObject({ state: 'sent' });
  });

  test('When finding its address took too long, then it is not sent beside another replica', async () => {
    const server = mailServer();
    const recipients = {
      addressOf: async () => {
        sending.clock.advance(leaseMs - bindingTimeoutMs + 1);
        return 'ada@example.com';
      },
    };
    const { post, sender } = sending.replica({ binding: server, recipients });

    await post('sold', 'ada', mail);
    await sender.flush();

    expect(server.asked).toEqual([]);
    expect((await sending.stored('sold:ada'))?.lastFailure).toContain('lease');
  });

  test('a lease is longer than a mail can be in hand', () => {
    const invocationTimeoutMs = 5_000;
    expect(leaseMs).toBeGreaterThan(invocationTimeoutMs + bindingTimeoutMs);
  });
});

describe('when the database or the process goes away', () => {
  test('When it cannot be noted that a mail was sent, then this process notes it later, and does not send it again', async () => {
    const server = mailServer();
    const { queue } = sending.replica({ binding: server });
    let isAway = true;
    const losing: typeof queue = {
      ...queue,
      async noteSent(given) {
        if (isAway) throw new Error('the database does not answer');
        await queue.noteSent(given);
      },
    };
    const { post, sender } = sending.replica({ binding: server, queue: losing });

    await post('sold', 'ada', mail);
    await sender.flush();
    sending.clock.advance(leaseMs);
    await sender.sweep();
    expect(await sending.stored('sold:ada')).toMatchObject({ state: 'waiting' });
    isAway = false;
    await sender.sweep();

    expect(server.took).toEqual(['ada@example.com']);
    expect(await sending.stored('sold:ada')).toMatchObject({ state: 'sent' });
  });

  test('When it stops, then the mail in hand is finished and noted, and no other is taken', async () => {
    const { binding, asked, take } = heldBinding();
    const { post, sender } = sending.replica({ binding });
    for (const userId of ['ada', 'bob']) await post('sold', userId, mail);
    await waitUntil(() => asked.length === 1, { what: 'the first mail is in hand' });

    let stopped = false;
    const stopping = sender.stop().then(() => {
      stopped = true;
    });
    await post('sold', 'eve', mail);
    expect(stopped).toBe(false);
    take();
    await stopping;
    await sender.sweep();

    expect(asked).toEqual(['ada@example.com']);
    expect(await sending.stored('sold:ada')).toMatchObject({ state: 'sent' });
    for (const id of ['sold:bob', 'sold:eve'])
      expect(await sending.stored(id)).toMatchObject({ state: 'waiting', attempts: 0 });
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

  test('When mails are posted and swept at once, then each still goes to its own address', async () => {
    const { binding, mixedUp, sent } = bindingThatMixesUp();
    const { post, sender, queue } = sending.replica({ binding });
    await queue.add({ id: 'sold:old', userId: 'old', mail: addressed('old') });

    await Promise.all([...names.map((name) => post('welcome', name, addressed(name))), sender.sweep()]);
    await sender.sweep();

    expect([mixedUp, sent()]).toEqual([[], 4]);
  });

  test('Without one after the other, mails would go to others (the fault is real)', async () => {
    const { binding, mixedUp } = bindingThatMixesUp();
    const mailer = createMailer(binding);

    await Promise.all(names.map((name) => mailer.send(`${name}@example.com`, addressed(name))));

    expect(mixedUp).not.toEqual([]);
  });
});
