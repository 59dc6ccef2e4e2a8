import fc from 'fast-check';
import {
  beginCapture,
  cancelByBuyer,
  complete,
  confirmHold,
  type Decision,
  expire,
  failPayment,
  giveUpHold,
  loseAuthorisation,
  type Order,
  refund,
} from '../../src/domain/order';

const windowMs = 15 * 60_000;
const budgetMs = 10_000;
const startMs = Date.UTC(2026, 10, 21, 10);
const held = { title: 'Ada', price: 4500, sellerId: 'seller' };

const blank = (createdMs: number): Order => ({
  _id: 'order-1',
  userId: 'bob',
  ticketId: 'ticket-1',
  status: 'Created',
  held: null,
  expiresAt: new Date(createdMs + windowMs),
  createdAt: new Date(createdMs),
  captureBegunAt: null,
  cancelReason: null,
  version: 1,
});
const awaiting = (): Order => ({ ...blank(startMs), status: 'AwaitingPayment', held });

const commands: Record<string, (order: Order, now: Date) => Decision<string>> = {
  confirmHold: (order, now) => confirmHold(order, held, now, windowMs),
  cancelByBuyer,
  expire,
  failPayment,
  giveUpHold: (order, now) => giveUpHold(order, now, budgetMs),
  beginCapture,
  complete,
  refund,
  loseAuthorisation,
};
const steps = fc.array(
  fc.record({
    command: fc.constantFrom(...Object.keys(commands)),
    waitMs: fc.constantFrom(0, 1, budgetMs, windowMs / 2, windowMs),
  }),
  { maxLength: 12 },
);
const births = fc.constantFrom(blank(startMs), awaiting());

interface Taken {
  command: string;
  now: Date;
  before: Order;
  after: Order;
  decision: Decision<string>;
}

function play(birth: Order, sequence: readonly { command: string; waitMs: number }[]): Taken[] {
  let order = birth;
  let nowMs = startMs;
  return sequence.map(({ command, waitMs }) => {
    nowMs += waitMs;
    const now = new Date(nowMs);
    const before = order;
    const decision = (commands[command] as (typeof commands)[string])(before, now);
    if (decision.kind === 'change') order = decision.order;
    return { command, now, before, after: order, decision };
  });
}

const always = (check: (taken: Taken[], birth: Order) => void) =>
  fc.assert(
    fc.property(births, steps, (birth, sequence) => check(play(birth, sequence), birth)),
    { numRuns: 500 },
  );

describe('whatever happens to an order, in whatever sequence', () => {
  it('it never leaves Completed or Cancelled', () =>
    always((taken) => {
      for (const { before, after } of taken) {
        if (before.status === 'Completed' || before.status === 'Cancelled') expect(after.status).toBe(before.status);
      }
    }));

  it('it is never completed but from Capturing', () =>
    always((taken) => {
      for (const { before, after } of taken) {
        if (after.status === 'Completed' && before.status !== 'Completed') expect(before.status).toBe('Capturing');
      }
    }));

  it('it is never cancelled while the money is being taken, but by Stripe’s final word', () =>
    always((taken) => {
      for (const { command, before, after } of taken) {
        if (before.status === 'Capturing' && after.status === 'Cancelled') expect(command).toBe('loseAuthorisation');
      }
    }));

  it('it never expires before its time, nor is its buyer let pay after it', () =>
    always((taken) => {
      for (const { now, before, after } of taken) {
        if (before === after) continue;
        if (after.cancelReason === 'Expired') expect(now.getTime()).toBeGreaterThanOrEqual(before.expiresAt.getTime());
        if (after.status === 'Capturing') expect(now.getTime()).toBeLessThan(before.expiresAt.getTime());
      }
    }));

  it('its price, its deadline and its buyer never change once it is held', () =>
    always((taken) => {
      for (const { before, after } of taken) {
        if (!before.held) continue;
        const { held: price, expiresAt, userId, ticketId } = before;
        expect(after).toMatchObject({ held: price, expiresAt, userId, ticketId });
      }
    }));

  it('begin-capture never gives another answer than it gave', () =>
    always((taken) => {
      const answers = taken
        .filter(({ command, decision }) => command === 'beginCapture' && decision.kind !== 'refuse')
        .map(({ after }) => after);
      const yes = answers.map(({ status }) => status === 'Capturing' || status === 'Completed');
      const closed = taken.some(({ command, before, after }) => command === 'loseAuthorisation' && before !== after);
      if (!closed) expect(new Set(yes).size).toBeLessThanOrEqual(1);
      expect(yes.indexOf(true)).toBeLessThanOrEqual(yes.indexOf(false) === -1 ? yes.length : yes.indexOf(false));
    }));

  it('each change is one version, and is told of as what it is: held once, ended once, nothing before it was held', () =>
    always((taken, birth) => {
      const told = birth.held ? ['OrderCreated'] : [];
      for (const { decision, before, after } of taken) {
        expect(after.version).toBe(before.version + (decision.kind === 'change' ? 1 : 0));
        if (decision.kind === 'change' && decision.event) told.push(decision.event);
      }
      expect([
        [],
        ['OrderCreated'],
        ['OrderCreated', 'OrderCancelled'],
        ['OrderCreated', 'OrderCompleted'],
        ['OrderCreated', 'OrderCompleted', 'OrderRefunded'],
      ]).toContainEqual(told);
      const end = taken.at(-1)?.after;
      if (end?.held && end.status === 'Cancelled') expect(told).toContain('OrderCancelled');
      if (end?.status === 'Completed') expect(told).toContain('OrderCompleted');
    }));

  it('only the money of a completed order is given back, once, and nothing else of it changes', () =>
    always((taken) => {
      for (const { before, after, now } of taken) {
        if (!before.refundedAt && after.refundedAt) {
          expect(before.status).toBe('Completed');
          expect(after).toEqual({ ...before, refundedAt: now, version: before.version + 1 });
        }
        if (before.refundedAt) expect(after).toBe(before);
      }
    }));

  it('a cancelled order says why, and no other does', () =>
    always((taken) => {
      for (const { after } of taken) expect(after.cancelReason !== null).toBe(after.status === 'Cancelled');
    }));
});

describe('at the deadline', () => {
  const at = (ms: number) => new Date(startMs + windowMs + ms);

  it('a millisecond decides', () => {
    expect(expire(awaiting(), at(-1)).kind).toBe('unchanged');
    expect(expire(awaiting(), at(0))).toMatchObject({ order: { status: 'Cancelled', cancelReason: 'Expired' } });
    expect(beginCapture(awaiting(), at(-1))).toMatchObject({ order: { status: 'Capturing', captureBegunAt: at(-1) } });
    expect(beginCapture(awaiting(), at(0))).toMatchObject({ order: { status: 'Cancelled' }, event: 'OrderCancelled' });
  });

  it('an order whose money is being taken does not expire', () => {
    const capturing = { ...awaiting(), status: 'Capturing' as const };
    expect(expire(capturing, at(60_000)).kind).toBe('unchanged');
  });
});

it('the hold of an order is given up no sooner than nobody can be asking for it any more', () => {
  const order = blank(startMs);
  expect(giveUpHold(order, new Date(startMs + budgetMs - 1), budgetMs).kind).toBe('unchanged');
  expect(giveUpHold(order, new Date(startMs + budgetMs), budgetMs)).toMatchObject({
    order: { status: 'Cancelled', cancelReason: 'HoldNotConfirmed' },
    event: null,
  });
  expect(giveUpHold(awaiting(), new Date(startMs + budgetMs), budgetMs).kind).toBe('unchanged');
});
