// What payments does in a purchase, with a Stripe that is a table: authorise, ask orders, capture or void; tell of it.
// Rules 10 to 16 have their own tests in services/payments.
import {
  beginCaptureAnswer,
  createHttpApp,
  createMetrics,
  NoAnswer,
  newId,
  OrderCancelled,
  onEvent,
  type PaymentOutcome,
  silentLog,
} from '@ticketing/common';
import { exampleEvent, type InProcessDapr } from '@ticketing/common/testing';
import { Router } from 'express';

export interface Payment {
  state: 'authorised' | 'captured' | 'voided';
  /** Whether the broker has taken the event of it. */
  told: boolean;
}

export interface PaymentsStandIn {
  /** By order. */
  payments: ReadonlyMap<string, Payment>;
  /** The buyer's card was authorised. */
  authorise(orderId: string): void;
  /** Asks orders; yes: captures, no: voids; no answer: asks again another time. */
  settle(orderId: string): Promise<void>;
  /** Asks orders whether the money may be taken. */
  ask(orderId: string): Promise<'yes' | 'no' | 'no answer'>;
  capture(orderId: string): Promise<void>;
  /** Three declined attempts. */
  declineFinally(orderId: string): Promise<void>;
  /** Settles and tells what was left. */
  reconcile(): Promise<void>;
}

export async function startPayments(dapr: InProcessDapr): Promise<PaymentsStandIn> {
  const payments = new Map<string, Payment>();
  const own = dapr.of('payments');

  const voidUnlessCaptured = (orderId: string) => {
    const payment = payments.get(orderId);
    if (payment?.state !== 'captured') payments.set(orderId, { state: 'voided', told: true });
  };
  const ask = async (orderId: string): Promise<'yes' | 'no' | 'no answer'> => {
    try {
      const path = `internal/orders/${orderId}/begin-capture`;
      const answer = await own.invoker.invoke({ app: 'orders', method: 'POST', path });
      return beginCaptureAnswer.parse(answer.body).granted ? 'yes' : 'no';
    } catch (error) {
      if (error instanceof NoAnswer) return 'no answer';
      throw error;
    }
  };
  const tell = async (orderId: string, payment: Payment) => {
    const event = exampleEvent('ChargeCompleted', { id: `charge-${orderId}`, orderId }, { id: `${orderId}:completed` });
    payment.told = await publish(event);
  };
  const publish = (event: Parameters<typeof own.events.publish>[1][number]) =>
    own.events.publish('charges', [event]).then(
      () => true,
      () => false,
    );
  const capture = async (orderId: string) => {
    const payment: Payment = { state: 'captured', told: false };
    payments.set(orderId, payment);
    await tell(orderId, payment);
  };
  const settle = async (orderId: string) => {
    if (payments.get(orderId)?.state !== 'authorised') return;
    const answer = await ask(orderId);
    if (answer === 'yes') await capture(orderId);
    if (answer === 'no') voidUnlessCaptured(orderId);
  };

  const outcomes: Record<Payment['state'], PaymentOutcome> = {
    authorised: 'pending',
    captured: 'captured',
    voided: 'closed',
  };
  const internalRoutes = Router().get('/payments/outcome/:orderId', (req, res) => {
    const payment = payments.get(req.params.orderId);
    res.json({ outcome: payment ? outcomes[payment.state] : 'pending' });
  });
  const app = createHttpApp({
    log: silentLog,
    metrics: createMetrics('payments'),
    appApiToken: dapr.appToken,
    internalRoutes,
    subscriptions: [{ topic: 'orders', handlers: onEvent(OrderCancelled, async ({ id }) => voidUnlessCaptured(id)) }],
  });
  await dapr.register('payments', app);

  return {
    payments,
    authorise(orderId) {
      if (!payments.has(orderId)) payments.set(orderId, { state: 'authorised', told: false });
    },
    settle,
    ask,
    capture,
    async declineFinally(orderId) {
      if (payments.has(orderId)) return;
      const failed = exampleEvent('ChargeFailed', { orderId, final: true }, { id: newId() });
      if (await publish(failed)) payments.set(orderId, { state: 'voided', told: true });
    },
    async reconcile() {
      for (const [orderId, payment] of payments) {
        if (payment.state === 'authorised') await settle(orderId);
        else if (!payment.told) await tell(orderId, payment);
      }
    },
  };
}
