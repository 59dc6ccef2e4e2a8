import { OrderCancelled, onEvent } from '@ticketing/common';
import { closePayment } from '../settlement/close-payment';
import type { SettlementDeps } from '../settlement/deps';

/** Rule 13: the payment is closed even if it has to be written closed first, and its PaymentIntent is cancelled. */
export const onOrderCancelled = (deps: SettlementDeps) => onEvent(OrderCancelled, (order) => closePayment(deps, order));
