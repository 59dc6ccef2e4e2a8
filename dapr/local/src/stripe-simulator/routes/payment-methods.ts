/** As far as Stripe.js needs them: a card becomes an id that a browser or server confirms with. */
import { readPaymentMethodData, takeCard } from './read-card';
import { route } from './route';

export const createPaymentMethod = route({
  operation: 'payment_methods.create',
  method: 'POST',
  path: '/v1/payment_methods',
  publishable: true,
  read: readPaymentMethodData,
  run: (card, call) => takeCard(card, call.account).method,
});

export const retrievePaymentMethod = route({
  operation: 'payment_methods.retrieve',
  method: 'GET',
  path: '/v1/payment_methods/:id',
  read: () => null,
  run: (_nothing, call) => call.account.card(call.id).method,
});
