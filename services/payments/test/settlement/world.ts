// Stripe, orders and the stored payments as small models whose every answer comes when a scheduler lets it, so that
// all interleavings of the real walk (advance, begin, close, outcome) can be tried.
import { type InternalOrder, NoAnswer, type OrderStatus, silentLog } from '@ticketing/common';
import type fc from 'fast-check';
import type { Payments } from '../../src/data/payments';
import type { Intent, SeenCharge } from '../../src/domain/intent';
import { type Movement, movementsBetween } from '../../src/domain/ledger';
import { type Change, isFinished, type Payment, type PaymentEvent } from '../../src/domain/payment';
import { closePayment } from '../../src/settlement/close-payment';
import type { SettlementDeps } from '../../src/settlement/deps';
import { isUndecided } from '../../src/settlement/undecided';
import { StripeNoAnswer, StripeRefused } from '../../src/stripe/stripe-errors';
import type { StripePayments } from '../../src/stripe/stripe-payments';

export const orderId = 'a'.repeat(24);
const userId = 'b'.repeat(24);
const price = 4500;

/** Guards that a twin test takes away. */
export interface MissingGuards {
  /** Writes are not conditional on the version that was read. */
  version?: boolean;
  /** Orders is not asked before a capture. */
  askOrders?: boolean;
  /** A cancelled order without a payment leaves nothing behind. */
  tombstone?: boolean;
  /** Stripe is not told that a request is a repeat. */
  idempotencyKey?: boolean;
  /** The ledger is written after the payment, in a write of its own. */
  ledgerInTheSameWrite?: boolean;
}

export interface ModelIntent {
  id: string;
  status: Intent['status'];
  charges: SeenCharge[];
  refundId: string | null;
}

export function createWorld(
  scheduler: Pick<fc.Scheduler, 'schedule'>,
  faults: readonly boolean[],
  missing: MissingGuards = {},
) {
  let payment: Payment | null = null;
  const events: PaymentEvent[] = [];
  const ledger: Movement[] = [];
  const order: InternalOrder = {
    id: orderId,
    userId,
    status: 'AwaitingPayment',
    expiresAt: '2026-11-21T10:15:00.000Z',
    price,
    currency: 'usd',
    ticket: null,
  };
  const orderHistory: OrderStatus[] = [];
  const intents: ModelIntent[] = [];
  const keys = new Map<string, () => Intent>();
  const captures: { intentId: string; orderSaid: OrderStatus }[] = [];
  let calls = 0;
  let faultsOn = true;

  /** Lets others go first, then works, then lets others go again before the answer is heard. */
  const turn = async <T>(what: string, work: () => T): Promise<T> => {
    await scheduler.schedule(Promise.resolve(), `${what} asked`);
    const result = work();
    await scheduler.schedule(Promise.resolve(), `${what} answered`);
    return result;
  };
  const strikes = () => faultsOn && faults[calls++] === true;
  const stripeCall = async <T>(what: string, work: () => T): Promise<T> => {
    const fault = strikes();
    const result = await turn(what, work);
    if (fault) throw new StripeNoAnswer(`${what}: the answer was lost`);
    return result;
  };

  const payments: Payments = {
    find: () => turn('find', () => payment),
    findByEither: () => turn('find', () => payment),
    findByIntent: async () => payment,
    insert: (change) =>
      turn('insert', () => {
        if (payment && !missing.version) return null;
        return write(null, change);
      }),
    save: async (read, change) => {
      const saved = await turn('save', () =>
        payment?.version === read.version || missing.version ? write(read, change) : null,
      );
      if (saved && missing.ledgerInTheSameWrite) await writeLedgerApart(read, change);
      return saved;
    },
    findRefunding: async () => (payment?.state === 'refunding' ? [payment] : []),
    countRefunding: async () => (payment?.state === 'refunding' ? 1 : 0),
    claimDue: async () => (payment && !isFinished(payment) ? [{ ...payment, visits: 0, ledger: [] }] : []),
    visitNoMore: async () => undefined,
  };
  const write = (read: Payment | null, change: Change): Payment => {
    payment = change.payment;
    events.push(...change.events);
    if (!missing.ledgerInTheSameWrite) ledger.push(...movementsBetween(read, change.payment));
    return payment;
  };
  const writeLedgerApart = async (read: Payment, change: Change) => {
    if (strikes()) throw new StripeNoAnswer('the process died between its two writes');
    await turn('ledger', () => ledger.push(...movementsBetween(read, change.payment)));
  };

  const intentOf = (intentId: string | null): ModelIntent => {
    const found = intents.find(({ id }) => id === intentId);
    if (!found) throw new Error(`there is no PaymentIntent ${intentId}`);
    return found;
  };
  const snapshot = ({ charges, ...intent }: ModelIntent): Intent => ({
    ...intent,
    charges: [...charges],
    failedRefundIds: [],
    disputes: [],
  });
  const withLatestCharge = (intent: ModelIntent): Intent => ({
    ...snapshot(intent),
    charges: intent.charges.slice(-1),
  });
  const once = (key: string, work: () => Intent): Intent => {
    if (missing.idempotencyKey) return work();
    const kept = keys.get(key);
    if (kept) return kept();
    try {
      const result = work();
      keys.set(key, () => result);
      return result;
    } catch (error) {
      keys.set(key, () => {
        throw error;
      });
      throw error;
    }
  };
  const keyOf = (operation: string, { attempt, tries }: Payment) => `${operation}-${attempt}-${tries}`;
  const refuse = (status: string) => new StripeRefused(`it is ${status}`, 'payment_intent_unexpected_state', undefined);

  const stripe: Omit<StripePayments, 'readWebhook' | 'publishableKey'> = {
    createIntent: (of) =>
      stripeCall('create', () => {
        const intent = once(keyOf('create', of), () => {
          const created: ModelIntent = {
            id: `pi_${intents.length + 1}`,
            status: 'requires_payment_method',
            charges: [],
            refundId: null,
          };
          intents.push(created);
          return snapshot(created);
        });
        return { intent, clientSecret: `${intent.id}_secret` };
      }),
    look: (of) => stripeCall('look', () => snapshot(intentOf(of.intentId))),
    lookWithSecret: (of) =>
      stripeCall('look', () => ({
        intent: snapshot(intentOf(of.intentId)),
        clientSecret: `${of.intentId}_secret`,
      })),
    capture: (of) =>
      stripeCall('capture', () =>
        once(keyOf('capture', of), () => {
          const intent = intentOf(of.intentId);
          if (intent.status !== 'requires_capture') throw refuse(intent.status);
          intent.status = 'succeeded';
          captures.push({ intentId: intent.id, orderSaid: order.status });
          return withLatestCharge(intent);
        }),
      ),
    cancel: (of) => stripeCall('cancel', () => once(keyOf('cancel', of), () => cancel(intentOf(of.intentId)))),
    cancelStray: async (intentId) => {
      await stripeCall('cancel stray', () => {
        const intent = intentOf(intentId);
        if (intent.status !== 'canceled') cancel(intent);
      });
    },
    refund: (of) =>
      stripeCall('refund', () => {
        const intent = intentOf(of.intentId);
        if (intent.refundId) throw refuse('refunded');
        intent.refundId = 're_1';
        return 're_1';
      }),
  };
  const cancel = (intent: ModelIntent): Intent => {
    if (intent.status === 'succeeded' || intent.status === 'canceled') throw refuse(intent.status);
    intent.status = 'canceled';
    return withLatestCharge(intent);
  };

  const setStatus = (status: OrderStatus) => {
    order.status = status;
    orderHistory.push(status);
  };
  const deps: SettlementDeps = {
    payments,
    stripe: stripe as StripePayments,
    orders: {
      find: () => turn('order', () => ({ ...order })),
      beginCapture: async () => {
        if (missing.askOrders) return true;
        const fault = strikes();
        const granted = await turn('begin-capture', () => {
          if (order.status === 'AwaitingPayment') setStatus('Capturing');
          return order.status === 'Capturing' || order.status === 'Completed';
        });
        if (fault) throw new NoAnswer('orders', 'the answer was lost');
        return granted;
      },
    },
    rules: { maxDeclines: 3 },
    clock: { now: () => new Date('2026-11-21T10:00:00.000Z') },
    log: silentLog,
  };

  return {
    deps,
    order,
    events,
    ledger,
    intents,
    captures,
    orderHistory,
    get payment() {
      return payment;
    },
    /** The buyer's browser, with whatever PaymentIntent is open. */
    confirm: (approves: boolean) =>
      turn('confirm', () => {
        const intent = intents.find(({ status }) => status === 'requires_payment_method');
        if (!intent) return;
        intent.charges.push({
          stripeId: `ch_${intents.flatMap(({ charges }) => charges).length + 1}`,
          declined: !approves,
          reason: approves ? null : 'generic_decline',
        });
        if (approves) intent.status = 'requires_capture';
      }),
    /** The window runs out or the buyer cancels: only while the order awaits payment, as orders decides. */
    cancelOrder: async () => {
      const cancelled = await turn('cancel order', () => {
        if (order.status !== 'AwaitingPayment') return false;
        setStatus('Cancelled');
        return true;
      });
      const close = missing.tombstone && !payment ? undefined : closePayment;
      if (cancelled) await close?.(deps, { id: orderId, userId, price, currency: 'usd' });
    },
    /** Stripe, or an operator at Stripe, cancels what is not captured. */
    cancelAtStripe: () =>
      turn('cancelled at Stripe', () => {
        const intent = intents.find(
          ({ status }) => status === 'requires_payment_method' || status === 'requires_capture',
        );
        if (intent) intent.status = 'canceled';
      }),
    completeOrder: () => setStatus('Completed'),
    loseAuthorisation: () => setStatus('Cancelled'),
    endFaults: () => {
      faultsOn = false;
    },
  };
}

export type World = ReturnType<typeof createWorld>;

/** What a caller does about an outcome that is not known: nothing, somebody comes again. */
export const orUndecided = async (work: Promise<unknown>): Promise<void> => {
  try {
    await work;
  } catch (error) {
    if (!isUndecided(error)) throw error;
  }
};
