import { OrderCancelled, onEvent } from '@ticketing/common';
import { isFinished } from '../domain/payment';
import { advancePayment } from '../settlement/advance-payment';
import { decideToClose } from '../settlement/close-payment';
import type { SettlementDeps } from '../settlement/deps';
import type { WorkInHand } from '../settlement/work-in-hand';

interface Deps extends SettlementDeps {
  work: WorkInHand;
}

/**
 * Rule 13: the payment is closed even if it has to be written closed first, and its PaymentIntent is cancelled. The
 * event is done once that is decided and stored: Stripe may take longer than a whole batch of events may.
 */
export const onOrderCancelled = (deps: Deps) =>
  onEvent(OrderCancelled, async (order) => {
    const payment = await decideToClose(deps, order);
    if (isFinished(payment)) return;
    deps.work.begin(`closing the payment of ${order.id}`, () => advancePayment(deps, order.id));
  });
