// Which event brings which mail to whom, and how often.
import type { CancelReason, CloudEvent, Topic } from '@ticketing/common';
import {
  chaos,
  type DoorToMongo,
  doorToMongo,
  exampleEvent,
  type Faults,
  seededRandom,
  waitUntil,
} from '@ticketing/common/testing';
import { takenOverAfterMs } from '../../src/data/post-office';
import { pace } from '../../src/events/pace';
import { type RunningNotifications, sentMails, startNotifications, stopNotifications } from '../start-notifications';

let door: DoorToMongo | undefined;
afterEach(async () => {
  await stopNotifications();
  await door?.close();
  door = undefined;
});

const buyer = { id: 'buyer', email: 'buyer@example.com', version: 1 };
const seller = { id: 'seller', email: 'seller@example.com', version: 1 };
const order = {
  id: 'order-1',
  userId: buyer.id,
  price: 4500,
  ticket: {
    id: 'ticket-1',
    title: 'Ada & the <Engines>',
    venue: 'Hall <One>',
    startsAt: '2026-12-11T19:30:00.000Z',
    sellerId: seller.id,
  },
};
const charge = { id: 'charge-1', orderId: order.id, userId: buyer.id, amount: 4500 };

const owners: Record<string, string> = { users: 'auth', orders: 'orders', charges: 'payments' };
const tell = async ({ dapr }: RunningNotifications, topic: Topic, ...events: CloudEvent[]) => {
  await dapr.of(owners[topic] ?? '').events.publish(topic, events);
  await dapr.settle();
};

async function withBuyerAndSeller(...how: Parameters<typeof startNotifications>) {
  const notifications = await startNotifications(...how);
  await notifications.recipients.learn(buyer);
  await notifications.recipients.learn(seller);
  return notifications;
}

describe('mails', () => {
  test('When somebody signs up, then they are welcomed', async () => {
    const notifications = await startNotifications();

    await tell(notifications, 'users', exampleEvent('UserCreated', buyer));

    expect(sentMails(notifications.dapr)).toEqual(['buyer@example.com: Welcome to Row Fifteen']);
  });

  test.each([
    ['address', { email: 'new@example.com', previousEmail: buyer.email }, 'Your e-mail address changed'],
    ['password', { previousEmail: undefined, passwordChanged: true }, 'Your password changed'],
    [
      'address and password',
      { email: 'new@example.com', previousEmail: buyer.email, passwordChanged: true },
      'Your e-mail address and password changed',
    ],
  ])(
    'When the %s of an account changes, then the address that it had hears of it, once',
    async (_what, change, subject) => {
      const notifications = await withBuyerAndSeller();
      const event = exampleEvent('UserUpdated', { ...buyer, ...change, version: 2 });

      await tell(notifications, 'users', event);
      await tell(notifications, 'users', event);

      expect(sentMails(notifications.dapr)).toEqual([`${buyer.email}: ${subject}`]);
    },
  );

  test('When an event of before tells of a change but not of which, then nobody is written to', async () => {
    const notifications = await withBuyerAndSeller();
    const untold = { previousEmail: undefined, passwordChanged: undefined };

    await tell(notifications, 'users', exampleEvent('UserUpdated', { ...buyer, ...untold, version: 2 }));

    expect(sentMails(notifications.dapr)).toEqual([]);
  });

  test('When an order is completed, then buyer and seller hear of it, each their own', async () => {
    const notifications = await withBuyerAndSeller();

    await tell(notifications, 'orders', exampleEvent('OrderCompleted', order));

    expect(sentMails(notifications.dapr)).toEqual([
      'buyer@example.com: Your ticket: Ada & the <Engines>',
      'seller@example.com: Sold: Ada & the <Engines>',
    ]);
    const [toBuyer, toSeller] = notifications.dapr.sent
      .map(({ data }) => String(data))
      .sort((one) => (one.includes('Your ticket:') ? -1 : 1));
    expect(toBuyer).toContain('href="https://tickets.example.com/orders/order-1/ticket"');
    expect(toBuyer).toContain('href="https://tickets.example.com/orders/order-1"');
    expect(toBuyer).not.toContain('/api/');
    expect(toSeller).toContain('href="https://tickets.example.com/door"');
    for (const mail of [toBuyer, toSeller]) {
      for (const fact of ['Ada &amp; the &lt;Engines&gt;', 'Hall &lt;One&gt;', '$45.00', 'Row Fifteen'])
        expect(mail).toContain(fact);
      expect(mail).toContain('Friday, 11 December 2026 at 19:30 UTC');
      expect(mail).toContain('Saturday, 21 November 2026 at 10:00 UTC');
    }
    expect(toSeller).not.toContain('order-1');
    expect(toSeller).not.toContain('buyer');
  });

  test.each<[CancelReason, string[]]>([
    ['Expired', ['buyer@example.com: Your hold has ended: Ada & the <Engines>']],
    ['PaymentFailed', ['buyer@example.com: Your payment failed: Ada & the <Engines>']],
    ['AuthorisationLapsed', ['buyer@example.com: Your payment failed: Ada & the <Engines>']],
    ['CancelledByBuyer', []],
    ['HoldNotConfirmed', []],
  ])('When an order is cancelled because %s, then the mails are %j', async (reason, mails) => {
    const notifications = await withBuyerAndSeller();

    await tell(notifications, 'orders', exampleEvent('OrderCancelled', { ...order, status: 'Cancelled', reason }));

    expect(sentMails(notifications.dapr)).toEqual(mails);
  });

  test.each<[string, boolean, string[]]>([
    ['voided', true, ['buyer@example.com: You were not charged']],
    ['closed', true, []],
    ['insufficient_funds', true, []],
    ['insufficient_funds', false, []],
  ])('When a charge failed (%s, final: %s), then the mails are %j', async (reason, final, mails) => {
    const notifications = await withBuyerAndSeller();

    await tell(notifications, 'charges', exampleEvent('ChargeFailed', { ...charge, reason, final }));

    expect(sentMails(notifications.dapr)).toEqual(mails);
  });

  test('When a charge is refunded, then the buyer hears of it', async () => {
    const notifications = await withBuyerAndSeller();

    await tell(notifications, 'charges', exampleEvent('ChargeRefunded', charge));

    expect(sentMails(notifications.dapr)).toEqual(['buyer@example.com: Your refund of $45.00']);
  });

  test('When other events pass by, then no mail is sent and none is a dead letter', async () => {
    const notifications = await withBuyerAndSeller();

    await tell(notifications, 'orders', exampleEvent('OrderCreated', order));
    await tell(
      notifications,
      'charges',
      exampleEvent('ChargeCreated', charge),
      exampleEvent('ChargeCompleted', charge),
    );

    expect(notifications.dapr.sent).toEqual([]);
    expect(notifications.dapr.deadLetters).toEqual([]);
  });
});

describe('each refund has its mail', () => {
  const dayMs = 24 * 3600_000;
  const refund = (stripeRefundId: string) => exampleEvent('ChargeRefunded', { ...charge, stripeRefundId });

  test('When a refund came back from the bank and is made again, then that is told, too', async () => {
    const notifications = await withBuyerAndSeller();

    await tell(notifications, 'charges', refund('re_1'), refund('re_1'));
    await tell(notifications, 'charges', refund('re_2'), refund('re_2'));

    expect(notifications.dapr.sent).toHaveLength(2);
  });

  test('the inbox remembers it for longer than it is watched, so that telling it late mails nobody twice', async () => {
    const { database } = await withBuyerAndSeller();
    const lastLookMs = 32 * dayMs;

    const indexes = await database.connection.collection('inbox').listIndexes().toArray();
    const [lifetime] = indexes.flatMap(({ expireAfterSeconds }) => expireAfterSeconds ?? []);

    expect(lifetime * 1_000).toBeGreaterThan(lastLookMs);
  });
});

describe('each mail once', () => {
  test('When an event comes again, also under another id, then no mail is sent again', async () => {
    const notifications = await withBuyerAndSeller();
    const event = exampleEvent('OrderCompleted', order);

    await tell(notifications, 'orders', event, event, exampleEvent('OrderCompleted', order));
    await tell(notifications, 'orders', event);

    expect(notifications.dapr.sent).toHaveLength(2);
  });

  test('When the first mail goes and the second does not, then only the second is tried again', async () => {
    let failures = 2;
    const notifications = await withBuyerAndSeller((address) => {
      if (address !== seller.email || failures === 0) return undefined;
      failures -= 1;
      return 'gomail: could not send email 1: 451 "try later"';
    });

    await tell(notifications, 'orders', exampleEvent('OrderCompleted', order));

    expect(sentMails(notifications.dapr)).toEqual([
      'buyer@example.com: Your ticket: Ada & the <Engines>',
      'seller@example.com: Sold: Ada & the <Engines>',
    ]);
    expect(notifications.dapr.deadLetters).toEqual([]);
  });

  test('When one address is refused for good, then the other mail still goes, and the event is a dead letter at once', async () => {
    let tries = 0;
    const notifications = await withBuyerAndSeller((address) => {
      if (address !== buyer.email) return undefined;
      tries += 1;
      return 'gomail: could not send email 1: 550 "no such mailbox"';
    });

    await tell(notifications, 'orders', exampleEvent('OrderCompleted', order));

    expect(sentMails(notifications.dapr)).toEqual(['seller@example.com: Sold: Ada & the <Engines>']);
    expect(notifications.dapr.deadLetters).toMatchObject([{ app: 'notifications', reason: 'dropped' }]);
    expect(tries).toBe(1);
  });

  test('When the mail server is away for long, then the dead letters replayed bring every mail once', async () => {
    const notifications = await withBuyerAndSeller();
    notifications.dapr.faults = { send: () => 'loseRequest' };
    await tell(notifications, 'orders', exampleEvent('OrderCompleted', order));
    expect(notifications.dapr.deadLetters).toMatchObject([{ reason: 'tries exhausted' }]);

    notifications.dapr.faults = {};
    expect(notifications.dapr.replayDeadLetters('orders')).toBe(1);
    await notifications.dapr.settle();

    expect(notifications.dapr.sent).toHaveLength(2);
  });

  test('When a crash left a mail pending, then it is sent when the event comes again after the redelivery time', async () => {
    const notifications = await withBuyerAndSeller();
    const redeliveryMs = 60_000;
    await notifications.database.connection.collection('inbox').insertOne({
      _id: `ticket-bought:${order.id}:${buyer.id}`,
      state: 'pending',
      at: notifications.dapr.clock.now(),
    } as never);

    expect(takenOverAfterMs).toBeLessThan(redeliveryMs);
    notifications.dapr.clock.advance(redeliveryMs);
    await tell(notifications, 'orders', exampleEvent('OrderCompleted', order));

    expect(notifications.dapr.sent).toHaveLength(2);
  });

  test('When mail server and database go away together for a moment, then the retries bring every mail once', async () => {
    let isAway = false;
    const notifications = await withBuyerAndSeller(
      () => {
        if (isAway) return undefined;
        isAway = true;
        door?.shut();
        return 'dial tcp 127.0.0.1:1025: connect: connection refused';
      },
      async (database) => {
        door = await doorToMongo(database);
        return door.connection;
      },
    );
    notifications.dapr.faults = {
      deliver: () => {
        if (isAway) door?.open();
        return undefined;
      },
    };

    await tell(notifications, 'orders', exampleEvent('OrderCompleted', order));

    expect(sentMails(notifications.dapr)).toEqual([
      'buyer@example.com: Your ticket: Ada & the <Engines>',
      'seller@example.com: Sold: Ada & the <Engines>',
    ]);
    expect(notifications.dapr.deadLetters).toEqual([]);
  }, 60_000);

  test('When a mail is in the hand of another replica, then it is not sent beside it', async () => {
    const notifications = await withBuyerAndSeller();
    await notifications.database.connection.collection('inbox').insertOne({
      _id: `ticket-bought:${order.id}:${buyer.id}`,
      state: 'pending',
      at: notifications.dapr.clock.now(),
    } as never);

    await tell(notifications, 'orders', exampleEvent('OrderCompleted', order));

    expect(sentMails(notifications.dapr)).toEqual(['seller@example.com: Sold: Ada & the <Engines>']);
  });

  test.each([1, 2, 3, 4])(
    'When events repeat, overtake and get lost on the way (seed %i), then each mail is sent once',
    async (seed) => {
      const notifications = await startNotifications();
      for (const user of [buyer, seller]) notifications.accounts.set(user.id, user);
      const { deliver, invoke } = chaos(seededRandom(seed)) as Required<Faults>;
      notifications.dapr.faults = { deliver, invoke };
      for (let number = 1; number <= 5; number += 1) {
        const each = { ...order, id: `order-${number}` };
        await tell(notifications, 'orders', exampleEvent('OrderCompleted', each));
      }
      await tell(
        notifications,
        'users',
        exampleEvent('UserCreated', buyer),
        exampleEvent('UserUpdated', { ...buyer, previousEmail: buyer.email, version: 2 }),
      );
      notifications.dapr.faults = {};
      for (const topic of ['orders', 'users'] as const) {
        while (notifications.dapr.replayDeadLetters(topic) > 0) await notifications.dapr.settle();
      }

      expect(sentMails(notifications.dapr)).toEqual([
        'buyer@example.com: Welcome to Row Fifteen',
        'buyer@example.com: Your e-mail address changed',
        ...Array<string>(5).fill('buyer@example.com: Your ticket: Ada & the <Engines>'),
        ...Array<string>(5).fill('seller@example.com: Sold: Ada & the <Engines>'),
      ]);
    },
  );
});

describe('mails that cannot be sent now', () => {
  const holdOf = (userId: string) =>
    exampleEvent('OrderCancelled', {
      ...order,
      id: `order-of-${userId}`,
      userId,
      status: 'Cancelled',
      reason: 'Expired',
    });

  async function deliver({ dapr }: RunningNotifications, userIds: readonly string[]): Promise<string[]> {
    const entries = userIds.map((userId) => ({ entryId: userId, event: holdOf(userId) }));
    const answer = await fetch(`${dapr.urlOf('notifications')}/events/orders/order-cancelled`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ entries }),
    });
    const { statuses } = (await answer.json()) as { statuses: { status: string }[] };
    return statuses.map(({ status }) => status);
  }

  test('When all addresses of a batch fail, then those behind them are sent at the first try, before that is told', async () => {
    const refused: string[] = [];
    const notifications = await startNotifications(
      (address) => {
        if (!address.startsWith('grey')) return undefined;
        refused.push(address);
        return 'gomail: could not send email 1: 451 "greylisted, try later"';
      },
      undefined,
      pace.retryNoSoonerThanMs,
    );
    const named = (name: string) => Array.from({ length: pace.mostInBatch }, (_, index) => `${name}-${index}`);
    for (const id of [...named('grey'), ...named('good')])
      await notifications.recipients.learn({ id, email: `${id}@example.com`, version: 1 });

    const answered: string[] = [];
    const failing = deliver(notifications, named('grey')).finally(() => answered.push('grey'));
    await waitUntil(() => refused.length === pace.mostInBatch, { what: 'all of the batch have failed' });
    const good = await deliver(notifications, named('good')).finally(() => answered.push('good'));

    expect(good).toEqual(named('good').map(() => 'SUCCESS'));
    expect(notifications.dapr.sent).toHaveLength(pace.mostInBatch);
    expect(await failing).toEqual(named('grey').map(() => 'RETRY'));
    expect(answered).toEqual(['good', 'grey']);
    expect(refused).toHaveLength(pace.mostInBatch);
  }, 30_000);
});

describe('where mails go', () => {
  test('When an address is not known yet, then auth is asked, once', async () => {
    const notifications = await startNotifications();
    for (const user of [buyer, seller]) notifications.accounts.set(user.id, user);

    await tell(notifications, 'orders', exampleEvent('OrderCompleted', order));
    await tell(notifications, 'orders', exampleEvent('OrderCompleted', { ...order, id: 'order-2' }));

    expect(notifications.dapr.sent).toHaveLength(4);
    expect(notifications.dapr.calls.filter(({ kind }) => kind === 'invoke')).toHaveLength(2);
  });

  test('When auth does not know the user either, then the event is tried again until it does', async () => {
    const notifications = await startNotifications();
    let asked = 0;
    notifications.dapr.faults = {
      invoke: () => {
        asked += 1;
        if (asked === 3) for (const user of [buyer, seller]) notifications.accounts.set(user.id, user);
        return undefined;
      },
    };

    await tell(notifications, 'orders', exampleEvent('OrderCompleted', order));

    expect(asked).toBeGreaterThan(2);
    expect(notifications.dapr.sent).toHaveLength(2);
    expect(notifications.dapr.deadLetters).toEqual([]);
  });

  test('When the address was changed, then mails go to the new one, whatever order the events came in', async () => {
    const notifications = await startNotifications();

    await tell(notifications, 'users', exampleEvent('UserUpdated', { ...buyer, email: 'new@example.com', version: 3 }));
    await tell(
      notifications,
      'users',
      exampleEvent('UserUpdated', { ...buyer, email: 'middle@example.com', version: 2 }),
      exampleEvent('UserCreated', buyer),
    );

    expect(await notifications.recipients.addressOf(buyer.id)).toBe('new@example.com');
    expect(await notifications.model.countDocuments()).toBe(1);
  });

  test('When replicas learn versions of one user at the same moment, then the newest stays', async () => {
    const notifications = await startNotifications();
    const versions = Array.from({ length: 12 }, (_, index) => ({
      id: 'user',
      email: `v${index + 1}@example.com`,
      version: index + 1,
    }));

    await Promise.all(versions.map((version) => notifications.recipients.learn(version)));

    expect(await notifications.recipients.addressOf('user')).toBe('v12@example.com');
  });
});
