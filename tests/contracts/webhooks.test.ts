// What Stripe is asked to tell against what payments does something with.
import express from 'express';
import request from 'supertest';
import { webhookEvents } from '../../dapr/local/src/backing/webhook-events';
import { receiveWebhook } from '../../services/payments/src/http/receive-webhook';

/** What Stripe can tell about PaymentIntents with cards, their charges, refunds and disputes. */
const told = [
  ...['amount_capturable_updated', 'canceled', 'created', 'partially_funded', 'payment_failed', 'processing'].map(
    (what) => `payment_intent.${what}`,
  ),
  ...['requires_action', 'succeeded'].map((what) => `payment_intent.${what}`),
  ...['captured', 'expired', 'failed', 'pending', 'refunded', 'refund.updated', 'succeeded', 'updated'].map(
    (what) => `charge.${what}`,
  ),
  ...['created', 'failed', 'updated'].map((what) => `refund.${what}`),
  ...['closed', 'created', 'funds_reinstated', 'funds_withdrawn', 'updated'].map((what) => `charge.dispute.${what}`),
];

test('The simulator tells payments of the events that payments handles, and of no others', async () => {
  const handled: string[] = [];
  const orderId = '0'.repeat(24);
  let type = '';
  const deps = {
    stripe: { readWebhook: () => ({ id: `evt_${type}`, type, data: { object: { metadata: { orderId } } } }) },
    webhookEvents: { add: async (event: { type: string }) => void handled.push(event.type) },
    clock: { now: () => new Date() },
  } as unknown as Parameters<typeof receiveWebhook>[0];
  const app = express().post('/', ...receiveWebhook(deps));
  for (type of told) expect((await request(app).post('/').send('{}')).status).toBe(200);
  expect(handled.sort()).toEqual([...webhookEvents].sort());
});
