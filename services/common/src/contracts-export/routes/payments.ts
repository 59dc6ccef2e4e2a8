import { z } from 'zod';
import { chargeList, chargeResource, openedPayment, paymentBody } from '../../contracts';
import { charge, order, payment } from '../examples';
import { type HttpRoute, idParameter, type RouteProblem } from '../http-route';

const noSuchOrder: RouteProblem = { status: 404, code: 'NotFound', detail: 'There is no such order.' };
const undecided: RouteProblem = {
  status: 503,
  code: 'PaymentUndecided',
  detail: 'We could not find out how the payment stands. Try again in a moment; you will not be charged twice.',
  retryAfter: 2,
};

const tooMany: RouteProblem = {
  status: 429,
  code: 'TooManyRequests',
  detail: 'Too many attempts. Try again in 30 seconds.',
  retryAfter: 30,
};

export const paymentRoutes: HttpRoute[] = [
  {
    method: 'post',
    path: '/api/payments',
    service: 'payments',
    operationId: 'openPayment',
    summary: 'Open the payment of an order',
    description: 'Answers what Stripe.js needs to confirm a card. Asked again, it answers the same.',
    session: 'required',
    body: { schema: paymentBody, example: { orderId: order.id } },
    answers: [{ status: 201, description: 'The payment', schema: openedPayment, example: payment }],
    problems: [
      noSuchOrder,
      { status: 409, code: 'OrderNotHeld', detail: 'The ticket is not reserved yet. Try again in a moment.' },
      { status: 409, code: 'OrderCancelled', detail: 'This order was cancelled. Start a new one.' },
      { status: 409, code: 'OrderCompleted', detail: 'This order is paid already.' },
      {
        status: 409,
        code: 'OrderExpired',
        detail: 'The time to pay has run out. Start a new order if the ticket is still for sale.',
      },
      {
        status: 409,
        code: 'PaymentClosed',
        detail: 'The payment of this order is closed. Start a new order.',
      },
      {
        status: 409,
        code: 'PaymentDeclined',
        detail: 'The card was declined too often. Start a new order.',
      },
      tooMany,
      undecided,
    ],
  },
  {
    method: 'post',
    path: '/api/payments/{id}/settle',
    service: 'payments',
    operationId: 'settlePayment',
    summary: 'The card is confirmed: take the money',
    description:
      'Call it after Stripe.js confirmed the card. The server asks Stripe, begins the capture if the hold still ' +
      'stands, and answers the latest charge: `Completed`, `Failed` with what to do next, or `Created` while the ' +
      'buyer has something left to do. Called again, it answers how the charge stands then. The id is that of the ' +
      'payment, which is that of the order, or of any charge of the payment.',
    session: 'required',
    parameters: [idParameter('payment')],
    answers: [{ status: 200, description: 'The latest charge', schema: chargeResource, example: charge }],
    problems: [{ status: 404, code: 'NotFound', detail: 'There is no such payment.' }, tooMany, undecided],
  },
  {
    method: 'post',
    path: '/api/payments/webhook',
    service: 'payments',
    operationId: 'receiveWebhook',
    summary: "Stripe's signed webhook",
    description:
      'Only Stripe can call it: the signature is over the bytes of the body. Events may repeat and come late.',
    session: 'none',
    parameters: [
      {
        name: 'Stripe-Signature',
        in: 'header',
        required: true,
        description: 'https://docs.stripe.com/webhooks#verify-official-libraries',
        schema: { type: 'string' },
        example: 't=1763719200,v1=5257a869e7ecebeda32affa62cdca3fa51cad7e77a0e56ff536d0ce8e108d8bd',
      },
    ],
    body: {
      schema: z.looseObject({ id: z.string(), type: z.string() }).describe('An Event of Stripe'),
      example: { id: 'evt_1QNc2LxAmPLe', object: 'event', type: 'payment_intent.amount_capturable_updated' },
      raw: true,
    },
    answers: [
      {
        status: 200,
        description: 'It is stored and will be acted on',
        schema: z.object({ received: z.literal(true) }),
        example: { received: true },
      },
    ],
    problems: [{ status: 400, code: 'InvalidSignature', detail: 'This is not signed by Stripe, or too long ago.' }],
  },
  {
    method: 'get',
    path: '/api/payments',
    service: 'payments',
    operationId: 'listCharges',
    summary: 'My charges for an order, oldest first',
    session: 'required',
    parameters: [
      {
        name: 'orderId',
        in: 'query',
        required: true,
        description: 'The order',
        schema: { type: 'string' },
        example: order.id,
      },
    ],
    answers: [{ status: 200, description: 'The charges', schema: chargeList, example: { items: [charge] } }],
    problems: [
      { status: 400, code: 'InvalidInput', detail: 'Some of the input is not valid.' },
      noSuchOrder,
      undecided,
    ],
  },
];
