import { actorType } from '../../src/order-watches';
import { type ExpirationWorld, expirationWorld, periodMs } from '../expiration-world';

const holdMs = 15 * 60_000;
let world: ExpirationWorld;
beforeEach(async () => {
  world = await expirationWorld(1);
});
afterEach(() => world.dapr.close());

const statusOf = (orderId: string) => world.orders.get(orderId)?.status;

describe('When an order is created', () => {
  it('stores the deadline and registers a reminder due then, not before', async () => {
    await world.place('order', holdMs);
    await world.dapr.settle();
    const expiresAt = world.orders.get('order')?.expiresAt;
    expect(world.dapr.actorState(actorType, 'order')).toEqual({
      watch: { expiresAt: expiresAt?.toISOString(), firings: 0 },
    });
    expect(world.dapr.reminders).toEqual([{ type: actorType, id: 'order', name: 'expiry', dueAt: expiresAt }]);
    await world.dapr.advance(holdMs - 1);
    expect(world.expiredEvents('order')).toEqual([]);
  });

  it('costs one actor call, one reminder and one state transaction', async () => {
    await world.place('order', holdMs);
    world.dapr.calls.length = 0;
    await world.dapr.settle();
    expect(world.dapr.calls.map(({ kind }) => kind)).toEqual(['actor', 'reminder', 'actor.state']);
  });

  it('watches a hundred orders of one batch', async () => {
    for (let index = 0; index < 100; index += 1) await world.place(`order-${index}`, holdMs);
    await world.dapr.settle();
    expect(world.dapr.reminders).toHaveLength(100);
  });

  it('fires at once when the deadline has passed already', async () => {
    await world.dapr.stop('expiration');
    await world.place('order', 1_000);
    world.dapr.clock.advance(60_000);
    await world.dapr.restart('expiration');
    await world.dapr.settle();
    expect(statusOf('order')).toBe('Cancelled');
  });
});

describe('When the hold window ends', () => {
  it('the unpaid order is cancelled at the deadline, and its actor is gone', async () => {
    await world.place('order', holdMs);
    await world.dapr.advance(holdMs);
    expect(statusOf('order')).toBe('Cancelled');
    expect(world.expiredEvents('order')).toHaveLength(1);
    expect(world.isGone('order')).toBe(true);
  });

  it('it survives a restart in the middle of the hold', async () => {
    await world.place('order', holdMs);
    await world.dapr.advance(holdMs / 2);
    await world.dapr.restart('expiration');
    await world.dapr.advance(holdMs / 2);
    expect(statusOf('order')).toBe('Cancelled');
  });

  it('it tells orders once late when it was away at the deadline', async () => {
    await world.place('order', holdMs);
    await world.dapr.settle();
    await world.dapr.stop('expiration');
    await world.dapr.advance(2 * holdMs);
    expect(statusOf('order')).toBe('AwaitingPayment');
    await world.dapr.restart('expiration');
    await world.dapr.settle();
    expect(statusOf('order')).toBe('Cancelled');
  });

  it('an order that is being captured is told of again and again, and never given up', async () => {
    await world.place('order', holdMs);
    await world.dapr.advance(holdMs - 1_000);
    world.orders.set('order', { status: 'Capturing', expiresAt: new Date(world.dapr.clock.now().getTime() + 1_000) });
    await world.dapr.advance(1_000 + 3 * periodMs);
    expect(world.expiredEvents('order')).toHaveLength(4);
    expect(world.isGone('order')).toBe(false);
    await world.end('order', 'Completed');
    await world.dapr.settle();
    expect(world.isGone('order')).toBe(true);
  });

  it('each telling has an id of its own', async () => {
    world.dapr.faults.deliver = ({ app }) => (app === 'orders' ? 'lose' : undefined);
    await world.place('order', holdMs);
    await world.dapr.advance(holdMs + 3 * periodMs);
    const ids = world.expiredEvents('order').map(({ id }) => id);
    expect(ids).toHaveLength(4);
    expect(new Set(ids).size).toBe(4);
  });
});

describe('When the order ends before its deadline', () => {
  it.each(['Completed', 'Cancelled'] as const)(
    'nothing of a %s order stays, and nothing is published',
    async (status) => {
      await world.place('order', holdMs);
      await world.dapr.settle();
      await world.end('order', status);
      await world.dapr.advance(2 * holdMs);
      expect(world.isGone('order')).toBe(true);
      expect(world.expiredEvents('order')).toEqual([]);
    },
  );

  it('its OrderCreated may come last: the actor fires once, asks orders, and is gone', async () => {
    world.dapr.faults.deliver = ({ event }) => (event.type === 'order.created' ? 'delay' : undefined);
    await world.place('order', holdMs);
    await world.end('order', 'Completed');
    await world.dapr.advance(holdMs + 3 * periodMs);
    expect(statusOf('order')).toBe('Completed');
    expect(world.isGone('order')).toBe(true);
  });
});

describe('When something is lost', () => {
  it('a publish that failed is made again', async () => {
    let failures = 2;
    world.dapr.faults.publish = (topic) => (topic === 'expirations' && failures-- > 0 ? 'loseRequest' : undefined);
    await world.place('order', holdMs);
    await world.dapr.advance(holdMs + 3_000);
    expect(statusOf('order')).toBe('Cancelled');
  });

  it('an order that nobody knows is not watched for ever', async () => {
    await world.place('order', holdMs);
    await world.dapr.settle();
    world.orders.delete('order');
    await world.dapr.advance(holdMs + 3 * periodMs);
    expect(world.isGone('order')).toBe(true);
  });

  it('no answer from orders is not an answer: the actor stays', async () => {
    world.dapr.faults.deliver = ({ app }) => (app === 'orders' ? 'lose' : undefined);
    world.dapr.faults.invoke = () => 'loseRequest';
    await world.place('order', holdMs);
    await world.dapr.advance(holdMs + 10 * periodMs);
    expect(world.isGone('order')).toBe(false);
    world.dapr.faults = {};
    await world.dapr.advance(3 * periodMs);
    expect(statusOf('order')).toBe('Cancelled');
    expect(world.isGone('order')).toBe(true);
  });

  it('a crash while it clears itself leaves neither state nor reminder', async () => {
    // OrderCancelled never comes, so that the actor must find out and clear itself.
    world.dapr.faults.deliver = ({ event }) => (event.type === 'order.cancelled' ? 'lose' : undefined);
    let firings = 0;
    world.dapr.faults.turn = ({ what }) => (what === 'reminder' && ++firings === 2 ? 'crash' : undefined);
    await world.place('order', holdMs);
    await world.dapr.advance(holdMs + 4 * periodMs);
    expect(firings).toBeGreaterThan(2);
    expect(world.isGone('order')).toBe(true);
  });

  it('an actor whose reminder was cancelled and whose state was not removed is cleared by its event coming again', async () => {
    await world.place('order', holdMs);
    await world.dapr.settle();
    let crashes = 1;
    world.dapr.faults.turn = ({ what }) => (what === 'forget' && crashes-- > 0 ? 'crash' : undefined);
    await world.end('order', 'Completed');
    await world.dapr.settle();
    expect(world.isGone('order')).toBe(true);
  });
});
