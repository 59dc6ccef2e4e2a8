import type { WebhookEvent, WebhookEvents } from '../data/webhook-events';
import { advancePayment } from './advance-payment';
import type { SettlementDeps } from './deps';

export interface WebhookDeps extends SettlementDeps {
  webhookEvents: WebhookEvents;
}

/** Stripe's event only says where to look: what became of the payment is asked of Stripe. */
export async function processWebhookEvent(deps: WebhookDeps, { id, type, orderId }: WebhookEvent): Promise<void> {
  await advancePayment(deps, orderId, { lookAgain: /refund|dispute/.test(type) });
  await deps.webhookEvents.done(id);
}
