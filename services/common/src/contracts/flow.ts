// Who listens to whom, and who asks whom: the choreography in two tables. docs/contracts is drawn from them, and
// tests/contracts compares them with what the services really subscribe to and serve.
import type { EventName } from './events';

/** By service: what it does about each event. Types that are not named here it acknowledges unread. */
export const eventConsumers = {
  tickets: {
    OrderCancelled: 'releases the hold',
    OrderCompleted: 'marks the ticket sold',
    OrderRefunded: 'lets nobody in with its e-ticket any more',
  },
  orders: {
    OrderExpired: 'cancels the order, if its own clock agrees and it is still unpaid',
    ChargeCompleted: 'completes the order',
    ChargeFailed: 'cancels the order, if the failure is final',
    ChargeRefunded: 'makes the e-ticket of a completed order void',
  },
  expiration: {
    OrderCreated: 'stores the deadline and registers a reminder',
    OrderCancelled: 'clears the reminder',
    OrderCompleted: 'clears the reminder',
  },
  payments: {
    OrderCancelled: 'closes the payment and cancels the PaymentIntent; refunds what was captured',
    OrderCompleted: 'has nothing left to look after in its payment',
  },
  notifications: {
    UserCreated: 'learns the address and welcomes the user',
    UserUpdated: 'learns the new address; writes to the address before the change, of a password too',
    OrderCompleted: 'writes to buyer and seller',
    OrderCancelled: 'writes to the buyer when the time ran out or the payment failed',
    ChargeFailed: 'writes to the buyer when an authorisation was voided',
    ChargeRefunded: 'writes to the buyer',
  },
} as const satisfies Record<string, Partial<Record<EventName, string>>>;

export interface ServiceCall {
  caller: string;
  callee: string;
  method: 'GET' | 'POST';
  /** As the callee serves it, below its root. */
  path: string;
  purpose: string;
}

/** Service invocations, through the sidecars. Shapes: internal.ts. */
export const serviceCalls: readonly ServiceCall[] = [
  {
    caller: 'orders',
    callee: 'tickets',
    method: 'POST',
    path: '/internal/tickets/:id/hold',
    purpose: 'hold the ticket for this order',
  },
  {
    caller: 'orders',
    callee: 'tickets',
    method: 'POST',
    path: '/internal/tickets/:id/release',
    purpose: 'let it go again',
  },
  {
    caller: 'orders',
    callee: 'tickets',
    method: 'POST',
    path: '/internal/tickets/:id/void',
    purpose: 'its e-ticket is void, if you have not heard it yet',
  },
  {
    caller: 'tickets',
    callee: 'orders',
    method: 'POST',
    path: '/internal/orders/abandon',
    purpose: 'what became of the orders of these old holds?',
  },
  {
    caller: 'payments',
    callee: 'orders',
    method: 'GET',
    path: '/internal/orders/:id',
    purpose: 'what is to be paid, and by whom?',
  },
  {
    caller: 'payments',
    callee: 'orders',
    method: 'POST',
    path: '/internal/orders/:id/begin-capture',
    purpose: 'may the money be taken?',
  },
  {
    caller: 'expiration',
    callee: 'orders',
    method: 'GET',
    path: '/internal/orders/:id',
    purpose: 'is the order finished?',
  },
  {
    caller: 'orders',
    callee: 'payments',
    method: 'GET',
    path: '/internal/payments/outcome/:orderId',
    purpose: "what is Stripe's final word?",
  },
  {
    caller: 'orders',
    callee: 'auth',
    method: 'GET',
    path: '/internal/users/:id',
    purpose: 'who is named on the e-ticket?',
  },
  {
    caller: 'notifications',
    callee: 'auth',
    method: 'GET',
    path: '/internal/users/:id',
    purpose: "what is this user's address?",
  },
];
