import { NoAnswer, type PaymentOutcome } from '@ticketing/common';
import { exampleEvent } from '@ticketing/common/testing';
import {
  beginCaptureOf,
  capturingMs,
  overdueMs,
  placedBy,
  post,
  type RunningOrders,
  requestBudgetMs,
  startOrders,
  storedOrder,
  voidTellMs,
  windowMs,
} from '../start-orders';
import { type TicketsInMemory, ticketsInMemory } from '../tickets-in-memory';

let running: RunningOrders;
let tickets: TicketsInMemory;
let outcomes: Record<string, PaymentOutcome>;
let asked: string[];
beforeAll(async () => {
  running = await startOrders({
    async paymentOutcome(orderId) {
      asked.push(orderId);
      const outcome = outcomes[orderId];
      if (!outcome) throw new NoAnswer('payments', 'down');
      return outcome;
    },
  });
  tickets = ticketsInMemory();
  await tickets.register(running.dapr);
});
afterAll(() => running.close());
beforeEach(async () => {
  outcomes = {};
  asked = [];
  running.dapr.faults = {};
  await running.database.clear();
});

const status = async (id: string) => (await storedOrder(running, id)).status;
const pass = (ms: number) => running.dapr.clock.advance(ms);

describe('an order past its deadline that nobody told of', () => {
  it('is cancelled once the actor has had its time', async () => {
    const { id } = await placedBy(running, 'bob', tickets.offer().id);
    pass(windowMs + overdueMs - 1);
    await running.reconcile();
    expect(await status(id)).toBe('AwaitingPayment');
    pass(1);
    await running.reconcile();
    expect(await storedOrder(running, id)).toMatchObject({ status: 'Cancelled', cancelReason: 'Expired' });
    await running.dapr.settle();
    expect(running.dapr.published.at(-1)?.event).toMatchObject({ type: 'order.cancelled', subject: id });
  });

  it('is one of many: one round takes them all', async () => {
    const [first] = await Promise.all(
      Array.from({ length: 3 }, (_, n) => placedBy(running, `buyer-${n}`, tickets.offer().id)),
    );
    const row = await running.model.collection.findOne({ _id: first?.id } as never);
    const copies = Array.from({ length: 150 }, (_, n) => ({ ...row, _id: `copy-${n}`, outbox: [] }));
    await running.model.collection.insertMany(copies as never);
    pass(windowMs + overdueMs);
    await running.reconcile();
    expect(await running.model.countDocuments({ status: 'AwaitingPayment' })).toBe(0);
  });
});

describe('an order whose hold is not known', () => {
  const unknown = async (ticketId: string) => {
    running.dapr.faults = { invoke: () => 'loseAnswer' };
    const { orderId } = (await post(running, 'bob', { ticketId })).body as { orderId: string };
    running.dapr.faults = {};
    return orderId;
  };

  it('is given up after the request budget, and its hold let go', async () => {
    const ticket = tickets.offer();
    const id = await unknown(ticket.id);
    pass(requestBudgetMs - 1);
    await running.reconcile();
    expect([await status(id), ticket.orderId]).toEqual(['Created', id]);
    pass(1);
    await running.reconcile();
    expect([await status(id), ticket.orderId]).toEqual(['Cancelled', null]);
  });

  it('is given up also when tickets cannot be told: its own reconciler asks', async () => {
    const ticket = tickets.offer();
    const id = await unknown(ticket.id);
    pass(requestBudgetMs);
    running.dapr.faults = { invoke: () => 'loseRequest' };
    await running.reconcile();
    expect([await status(id), ticket.orderId]).toEqual(['Cancelled', id]);
  });
});

describe('an order that captures for long', () => {
  const capturing = async () => {
    const { id } = await placedBy(running, 'bob', tickets.offer().id);
    await beginCaptureOf(running, id);
    return id;
  };

  it('is asked about only then, and ends by Stripe’s final word: captured', async () => {
    const id = await capturing();
    outcomes = { [id]: 'captured' };
    pass(capturingMs - 1);
    await running.reconcile();
    expect(asked).toEqual([]);
    pass(1);
    await running.reconcile();
    expect([await status(id), asked]).toEqual(['Completed', [id]]);
  });

  it('ends by Stripe’s final word: closed', async () => {
    const id = await capturing();
    outcomes = { [id]: 'closed' };
    pass(capturingMs);
    await running.reconcile();
    expect(await storedOrder(running, id)).toMatchObject({ status: 'Cancelled', cancelReason: 'AuthorisationLapsed' });
  });

  it('never ends by a timeout: while payments is at it, or does not answer, it goes on capturing', async () => {
    const [pending, unanswered] = [await capturing(), await capturing()];
    outcomes = { [pending]: 'pending' };
    for (let day = 0; day < 3; day++) {
      pass(24 * 3600 * 1000);
      await running.reconcile();
    }
    expect([await status(pending), await status(unanswered)]).toEqual(['Capturing', 'Capturing']);
  });
});

describe('a refunded order', () => {
  const refunded = async () => {
    const ticket = tickets.offer();
    const { id } = await placedBy(running, 'bob', ticket.id);
    await beginCaptureOf(running, id);
    const { events } = running.dapr.of('payments');
    await events.publish('charges', [
      exampleEvent('ChargeCompleted', { orderId: id }),
      exampleEvent('ChargeRefunded', { orderId: id }),
    ]);
    await running.dapr.settle();
    return { id, ticket, refundedAt: (await storedOrder(running, id)).refundedAt?.toISOString() };
  };
  const unheard = (id: string) => storedOrder(running, id).then(({ voidToldAt }) => voidToldAt !== undefined);

  it('has its ticket told, once the event has had its time, and only until it has heard it', async () => {
    const { id, ticket, refundedAt } = await refunded();
    pass(voidTellMs - 1);
    await running.reconcile();
    expect([ticket.refundedAt, await unheard(id)]).toEqual([undefined, true]);
    pass(1);
    await running.reconcile();
    expect([ticket.refundedAt, await unheard(id)]).toEqual([refundedAt, false]);
    delete ticket.refundedAt;
    pass(10 * voidTellMs);
    await running.reconcile();
    expect(ticket.refundedAt).toBeUndefined();
  });

  it('has it told again and again while tickets does not answer, or says that it is not its', async () => {
    const { id, ticket, refundedAt } = await refunded();
    running.dapr.faults = { invoke: () => 'loseRequest' };
    pass(voidTellMs);
    await running.reconcile();
    running.dapr.faults = {};
    await running.reconcile();
    expect([ticket.refundedAt, await unheard(id)]).toEqual([undefined, true]);
    ticket.orderId = 'another';
    pass(voidTellMs);
    await running.reconcile();
    expect(await unheard(id)).toBe(true);
    ticket.orderId = id;
    pass(voidTellMs);
    await running.reconcile();
    expect([ticket.refundedAt, await unheard(id)]).toEqual([refundedAt, false]);
  });
});
