// Which event brings which mail to whom, and how often.
import { randomUUID } from 'node:crypto';
import type { CancelReason, CloudEvent, Topic } from '@ticketing/common';
import {
  chaos,
  type DoorToMongo,
  doorToMongo,
  exampleEvent,
  type Faults,
  seededRandom,
} from '@ticketing/common/testing';
import { pageUrls } from '../../src/domain/mails/wording';
import { onOrderCompleted } from '../../src/events/on-order-completed';
import { type RunningNotifications, sentMails, startNotifications, stopNotifications } from '../start-notifications';

// A deadline on a machine that may be busy, not a measure.
jest.setTimeout(60_000);

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

/** Lets time pass, a minute a step, as the sweeps see it. */
async function untilNoneWaits({ dapr, queue, sender }: RunningNotifications): Promise<void> {
  for (let minutes = 0; minutes < 24 * 60; minutes += 1) {
    await sender.sweep();
    if ((await queue.waiting()).count === 0) return;
    dapr.clock.advance(60_000);
  }
  throw new Error('mails wait for more than a day');
}

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
    'When the %s of an account changes, then the address that it had hears of it, and a new one that it is the one, once',
    async (_what, change, subject) => {
      const notifications = await withBuyerAndSeller();
      const event = exampleEvent('UserUpdated', { ...buyer, ...change, version: 2 });

      await tell(notifications, 'users', event);
      await tell(notifications, 'users', event);

      const toNew = 'email' in change ? [`${change.email}: Row Fifteen writes to you here now`] : [];
      expect(sentMails(notifications.dapr)).toEqual([`${buyer.email}: ${subject}`, ...toNew]);
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

  test('it is remembered for longer than it is watched, so that telling it late mails nobody twice', async () => {
    const { database } = await withBuyerAndSeller();
    const lastLookMs = 32 * dayMs;

    const indexes = await database.connection.collection('mails').listIndexes().toArray();
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

  test('Without its name as its id, an event that comes again would mail again', async () => {
    const notifications = await withBuyerAndSeller();
    const pages = pageUrls('https://tickets.example.com');
    const post: typeof notifications.post = (_name, ...rest) => notifications.post(randomUUID(), ...rest);
    const event = exampleEvent('OrderCompleted', order);

    for (let times = 0; times < 2; times += 1) await onOrderCompleted({ post, pages })[event.type](event);
    await notifications.sender.flush();

    expect(notifications.dapr.sent).toHaveLength(4);
  });

  test('When an event comes to all replicas at once, then each mail is sent once', async () => {
    const notifications = await withBuyerAndSeller();
    const event = exampleEvent('OrderCompleted', order);

    await Promise.all(
      Array.from({ length: 8 }, async () => {
        const answer = await fetch(`${notifications.dapr.urlOf('notifications')}/events/orders/order-completed`, {
          method: 'POST',
          headers: { 'content-type': 'application/json' },
          body: JSON.stringify({ entries: [{ entryId: '1', event }] }),
        });
        expect(await answer.json()).toEqual({ statuses: [{ entryId: '1', status: 'SUCCESS' }] });
      }),
    );
    await notifications.sender.flush();

    expect(notifications.dapr.sent).toHaveLength(2);
  });

  test('When the mail server is away, then the event is done all the same, and no dead letter', async () => {
    const notifications = await withBuyerAndSeller();
    notifications.dapr.faults = { send: () => 'loseRequest' };

    await tell(notifications, 'orders', exampleEvent('OrderCompleted', order));

    expect(notifications.dapr.sent).toEqual([]);
    expect(notifications.dapr.deadLetters).toEqual([]);
    expect(await notifications.queue.waiting()).toMatchObject({ count: 2 });
  });

  test('When the database is away for a moment, then the retries note every mail once', async () => {
    let isAway = true;
    const notifications = await startNotifications(undefined, async (database) => {
      door = await doorToMongo(database);
      return door.connection;
    });
    for (const user of [buyer, seller]) notifications.accounts.set(user.id, user);
    door?.shut();
    notifications.dapr.faults = {
      deliver: ({ attempt }) => {
        if (attempt > 1) {
          isAway = false;
          door?.open();
        }
        return undefined;
      },
    };

    await tell(notifications, 'orders', exampleEvent('OrderCompleted', order));

    expect(isAway).toBe(false);
    expect(sentMails(notifications.dapr)).toEqual([
      'buyer@example.com: Your ticket: Ada & the <Engines>',
      'seller@example.com: Sold: Ada & the <Engines>',
    ]);
    expect(notifications.dapr.deadLetters).toEqual([]);
  });

  test.each([1, 2, 3, 4])(
    'When events repeat, overtake and get lost on the way (seed %i), then each mail is sent once',
    async (seed) => {
      const notifications = await startNotifications();
      for (const user of [buyer, seller]) notifications.accounts.set(user.id, user);
      const random = seededRandom(seed);
      const { deliver, invoke } = chaos(random) as Required<Faults>;
      // One whose answer is lost may go twice (mail-sender.test.ts).
      const send: Faults['send'] = () => (random.next() < 0.3 ? 'loseRequest' : undefined);
      notifications.dapr.faults = { deliver, invoke, send };
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
      await untilNoneWaits(notifications);

      expect(sentMails(notifications.dapr)).toEqual([
        'buyer@example.com: Row Fifteen writes to you here now',
        'buyer@example.com: Welcome to Row Fifteen',
        'buyer@example.com: Your e-mail address changed',
        ...Array<string>(5).fill('buyer@example.com: Your ticket: Ada & the <Engines>'),
        ...Array<string>(5).fill('seller@example.com: Sold: Ada & the <Engines>'),
      ]);
    },
  );
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

  test('When auth does not know the user either, then the mail waits until it does, and the others go', async () => {
    const notifications = await startNotifications();
    await notifications.recipients.learn(seller);
    await tell(notifications, 'orders', exampleEvent('OrderCompleted', order));
    expect(sentMails(notifications.dapr)).toEqual(['seller@example.com: Sold: Ada & the <Engines>']);

    notifications.accounts.set(buyer.id, buyer);
    await untilNoneWaits(notifications);

    expect(notifications.dapr.sent).toHaveLength(2);
    expect(notifications.dapr.deadLetters).toEqual([]);
  });

  test('When an address changes while a mail waits, then it goes to the new one', async () => {
    const notifications = await withBuyerAndSeller();
    notifications.dapr.faults = { send: () => 'loseRequest' };
    await tell(notifications, 'charges', exampleEvent('ChargeRefunded', charge));
    notifications.dapr.faults = {};

    await notifications.recipients.learn({ ...buyer, email: 'new@example.com', version: 2 });
    await untilNoneWaits(notifications);

    expect(sentMails(notifications.dapr)).toEqual(['new@example.com: Your refund of $45.00']);
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
