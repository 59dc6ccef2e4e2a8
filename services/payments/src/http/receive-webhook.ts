import { isId } from '@ticketing/common';
import express, { type ErrorRequestHandler, type Request, type RequestHandler } from 'express';
import { z } from 'zod';
import { processWebhookEvent, type WebhookDeps } from '../settlement/process-webhook-event';
import type { WorkInHand } from '../settlement/work-in-hand';
import type { WebhookEvent } from '../stripe/stripe-payments';
import { forgedWebhook } from './problems';

interface Deps extends WebhookDeps {
  work: WorkInHand;
}

/** Stripe's events are a few kilobytes. */
const bodyLimit = '256kb';

/** What may move a payment. Everything else is acknowledged and forgotten. */
const interesting =
  /^(payment_intent\.(amount_capturable_updated|payment_failed|succeeded|canceled)|charge\.(refunded|refund\.updated|dispute\.[a-z_]+)|refund\.failed)$/;

/**
 * Stripe's signed webhook. The event is stored as work to do, then answered, then worked on: Stripe waits for nothing,
 * and a crash after the answer loses nothing.
 */
export const receiveWebhook = (deps: Deps): (RequestHandler | ErrorRequestHandler)[] => [
  express.raw({ type: () => true, limit: bodyLimit }),
  refuseUnreadable(deps),
  takeEvent(deps),
];

const takeEvent =
  (deps: Deps): RequestHandler =>
  async (req, res) => {
    const event = read(deps, req);
    const orderId = interesting.test(event.type) ? await orderOf(deps, event) : undefined;
    if (orderId) {
      const told = { id: event.id, type: event.type, orderId };
      if (await deps.webhookEvents.add(told)) {
        deps.work.begin(`webhook ${event.id}`, () => processWebhookEvent(deps, told));
      }
    }
    res.json({ received: true });
  };

/** What is larger than any event of Stripe's, or was broken off, is answered as what else Stripe has not signed. */
const refuseUnreadable =
  ({ log }: Pick<Deps, 'log'>): ErrorRequestHandler =>
  (error, _req, _res, _next) => {
    throw refusal(log, error);
  };

/** @throws Problem 400 for what Stripe has not signed, or not lately */
function read({ stripe, clock, log }: Deps, req: Request): WebhookEvent {
  const body: unknown = req.body;
  try {
    const bytes = Buffer.isBuffer(body) ? body : Buffer.alloc(0);
    return stripe.readWebhook(bytes, req.get('stripe-signature') ?? '', clock.now());
  } catch (error) {
    throw refusal(log, error);
  }
}

function refusal(log: Deps['log'], error: unknown): Error {
  log.warn({ reason: error instanceof Error ? error.message : String(error) }, 'refused a webhook');
  return forgedWebhook();
}

/** What an event is about names its order (ours does), or its PaymentIntent (what was done at Stripe by hand). */
const namesOrder = z.object({ metadata: z.object({ orderId: z.string().refine(isId) }) });
const namesIntent = z.object({ payment_intent: z.union([z.string(), z.object({ id: z.string() })]) });

/** Nothing for what belongs to another shop of the same Stripe account. */
async function orderOf({ payments }: Pick<Deps, 'payments'>, { data }: WebhookEvent): Promise<string | undefined> {
  const ours = namesOrder.safeParse(data.object);
  if (ours.success) return ours.data.metadata.orderId;
  const byHand = namesIntent.safeParse(data.object);
  if (!byHand.success) return undefined;
  const { payment_intent: intent } = byHand.data;
  return (await payments.findByIntent(typeof intent === 'string' ? intent : intent.id))?._id;
}
