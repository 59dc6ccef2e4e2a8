import express from 'express';
import request from 'supertest';
import {
  createMetrics,
  DropEvent,
  OrderCreated,
  onEvent,
  type Subscription,
  silentLog,
  subscriptionRoutes,
  triesOfEvent,
} from '../../src';
import { exampleEvent } from '../../src/testing';

const serve = (subscription: Subscription, answerWithinMs = 10_000) =>
  express().use(subscriptionRoutes([subscription], { log: silentLog, metrics: createMetrics('test'), answerWithinMs }));

async function deliver(
  subscription: Subscription,
  events: unknown[],
  route = 'order-created',
  answerWithinMs?: number,
): Promise<string[]> {
  const entries = events.map((event, index) => ({
    entryId: `entry-${index}`,
    event,
    contentType: 'application/cloudevents+json',
  }));
  const answer = await request(serve(subscription, answerWithinMs)).post(`/events/orders/${route}`).send({ entries });
  const { statuses } = answer.body as { statuses: { entryId: string; status: string; dropped?: boolean }[] };
  expect(statuses.map(({ status }) => status)).not.toContain('DROP');
  expect(statuses.map(({ entryId }) => entryId)).toEqual(entries.map(({ entryId }) => entryId));
  return statuses.map(({ status, dropped }) => (dropped ? `${status}, dropped` : status));
}

describe('what daprd is told about subscriptions', () => {
  test('one a topic, in bulk, routed by type, with a default route and a dead-letter topic', async () => {
    const app = serve({ topic: 'orders', handlers: { 'order.created': async () => undefined } });
    expect((await request(app).get('/dapr/subscribe')).body).toEqual([
      {
        pubsubname: 'orders',
        topic: 'orders',
        deadLetterTopic: 'orders.dead',
        bulkSubscribe: expect.objectContaining({ enabled: true, maxMessagesCount: 100 }),
        routes: {
          rules: [{ match: 'event.type == "order.created"', path: '/events/orders/order-created' }],
          default: '/events/orders/unhandled',
        },
      },
    ]);
  });
});

describe('what becomes of each event of a batch', () => {
  test('is its own: done, again, or dropped', async () => {
    const events = ['works', 'fails', 'drops'].map((id) => exampleEvent('OrderCreated', {}, { id, subject: id }));
    const handlers = {
      'order.created': async ({ id }: { id: string }) => {
        if (id === 'fails') throw new Error('not now');
        if (id === 'drops') throw new DropEvent('never');
      },
    };
    expect(await deliver({ topic: 'orders', handlers }, events)).toEqual(['SUCCESS', 'RETRY', 'RETRY, dropped']);
  });

  test('once dropped is dropped, as often as daprd tries that delivery, without its handler; a later delivery is new', async () => {
    let handled = 0;
    const handlers = {
      'order.created': async () => {
        handled += 1;
        throw new DropEvent('never');
      },
    };
    const app = serve({ topic: 'orders', handlers });
    const event = exampleEvent('OrderCreated');
    const tryDelivery = (entryId: string) =>
      request(app)
        .post('/events/orders/order-created')
        .send({ entries: [{ entryId, event, contentType: 'application/cloudevents+json' }] });
    for (let attempt = 1; attempt <= 3; attempt += 1) {
      const { body } = await tryDelivery('first');
      expect([body, handled]).toEqual([{ statuses: [{ entryId: 'first', status: 'RETRY', dropped: true }] }, 1]);
    }
    await tryDelivery('replayed');
    expect(handled).toBe(2);
  });

  test('is counted from 0, and as given up once: at a drop, or at the last try', async () => {
    const metrics = createMetrics('test');
    const handlers = {
      'order.created': async ({ id }: { id: string }) => {
        if (id === 'drops') throw new DropEvent('never');
        if (id === 'fails' || tries === 1) throw new Error('not now');
      },
    };
    const app = express().use(subscriptionRoutes([{ topic: 'orders', handlers }], { log: silentLog, metrics }));
    const counted = async (name: 'eventsGivenUp' | 'eventsHandled') => {
      const { values } = await metrics[name].get();
      return values.map(({ labels, value }) => [...Object.values(labels), value].join(' '));
    };
    expect(await counted('eventsGivenUp')).toEqual(['order.created 0', 'malformed 0']);
    expect(await counted('eventsHandled')).toEqual(
      ['order.created', 'malformed'].flatMap((type) => ['SUCCESS', 'RETRY', 'DROP'].map((word) => `${type} ${word} 0`)),
    );
    const givenUp: string[] = [];
    let tries = 1;
    for (; tries <= triesOfEvent + 1; tries += 1) {
      const entries = ['works late', 'fails', 'drops'].map((id) => ({
        entryId: id,
        event: exampleEvent('OrderCreated', {}, { id, subject: id }),
        contentType: 'application/cloudevents+json',
      }));
      await request(app).post('/events/orders/order-created').send({ entries });
      givenUp.push(...(await counted('eventsGivenUp')).slice(0, 1));
    }
    const words = [1, 1, 1, 1, 1, 1, 2, 2].map((count) => `order.created ${count}`);
    expect(givenUp).toEqual(words);
  });

  test('is a drop when it is no CloudEvent, or breaks its contract', async () => {
    const handled: string[] = [];
    const handlers = onEvent(OrderCreated, async ({ id }) => {
      handled.push(id);
    });
    const whole = exampleEvent('OrderCreated');
    const broken = [
      null,
      'text',
      { ...whole, id: '' },
      { ...whole, data: { ...whole.data, price: 'free' } },
      { ...whole, data: undefined },
    ];
    expect(await deliver({ topic: 'orders', handlers }, [...broken, whole])).toEqual([
      ...broken.map(() => 'RETRY, dropped'),
      'SUCCESS',
    ]);
    expect(handled).toEqual([whole.data.id]);
  });

  test('is done when its type has no handler here', async () => {
    const handlers = { 'order.created': async () => Promise.reject(new Error('not for this one')) };
    expect(await deliver({ topic: 'orders', handlers }, [exampleEvent('OrderCompleted')], 'unhandled')).toEqual([
      'SUCCESS',
    ]);
  });

  test('is again when the handler takes too long', async () => {
    const handlers = { 'order.created': () => new Promise<void>(() => undefined) };
    expect(await deliver({ topic: 'orders', handlers }, [exampleEvent('OrderCreated')], 'order-created', 20)).toEqual([
      'RETRY',
    ]);
  });

  test('a newer contract may have more fields', async () => {
    const event = exampleEvent('OrderCreated');
    const handlers = onEvent(OrderCreated, async () => undefined);
    const newer = { ...event, data: { ...event.data, seat: '12A' } };
    expect(await deliver({ topic: 'orders', handlers }, [newer])).toEqual(['SUCCESS']);
  });
});

describe('the events of one batch', () => {
  test('are answered in time: what is done counts, what is in hand or not begun is for again', async () => {
    const begun: string[] = [];
    const handlers = {
      'order.created': ({ id }: { id: string }) => {
        begun.push(id);
        return id === 'done' ? Promise.resolve() : new Promise<void>(() => undefined);
      },
    };
    const events = ['done', 'hangs', 'waits', 'waits, too'].map((id) =>
      exampleEvent('OrderCreated', {}, { id, subject: id }),
    );
    expect(await deliver({ topic: 'orders', handlers, concurrency: 1 }, events, 'order-created', 200)).toEqual([
      'SUCCESS',
      'RETRY',
      'RETRY',
      'RETRY',
    ]);
    expect(begun).toEqual(['done', 'hangs']);
  });

  test('are handled one after the other for one aggregate, in the order they came, and beside each other for several', async () => {
    const begun: string[] = [];
    const atOnce = new Map<string, number>();
    let most = 0;
    let all = 0;
    const handlers = {
      'order.created': async ({ id, subject }: { id: string; subject: string }) => {
        begun.push(id);
        all += 1;
        most = Math.max(most, all);
        atOnce.set(subject, (atOnce.get(subject) ?? 0) + 1);
        expect(atOnce.get(subject)).toBe(1);
        await new Promise((resolve) => setImmediate(resolve));
        atOnce.set(subject, 0);
        all -= 1;
      },
    };
    const events = Array.from({ length: 30 }, (_, index) =>
      exampleEvent('OrderCreated', {}, { id: `${index % 5}-${index}`, subject: `order-${index % 5}` }),
    );
    const statuses = await deliver({ topic: 'orders', handlers, concurrency: 3 }, events);
    expect(new Set(statuses)).toEqual(new Set(['SUCCESS']));
    expect(most).toBe(3);
    for (const order of ['0', '1', '2', '3', '4']) {
      const ofOne = begun.filter((id) => id.startsWith(`${order}-`));
      expect(ofOne).toEqual(events.map(({ id }) => id).filter((id) => id.startsWith(`${order}-`)));
    }
  });
});
