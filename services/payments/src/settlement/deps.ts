import type { Clock, Log } from '@ticketing/common';
import type { Payments } from '../data/payments';
import type { DeclineRules } from '../domain/see-intent';
import type { Orders } from '../orders/ask-orders';
import type { StripePayments } from '../stripe/stripe-payments';

/** What it takes to bring a payment further. */
export interface SettlementDeps {
  payments: Payments;
  stripe: StripePayments;
  orders: Orders;
  rules: DeclineRules;
  clock: Clock;
  log: Log;
}
