// The one purchase of a world as `make audit` sees it.
import type { OrderAccount } from '../../../services/payments/src/audit/books';
import { bookedCharge, bookedIntent, bookedRefund } from '../../../services/payments/src/audit/read-stripe';
import type { World } from './world';

export function accountIn(world: World): OrderAccount {
  const [order, ticket, charges, refunds] = [
    world.order(),
    world.ticket(),
    world.stripe.charges(),
    world.stripe.refunds(),
  ];
  return {
    orderId: order._id,
    order: { ...order, held: order.held ?? null, captureBegunAt: order.captureBegunAt ?? null },
    ticket,
    claimedBy: ticket.orderId === order._id ? [ticket] : [],
    payment: world.payment() ?? null,
    intents: world.stripe.intents().map((intent) => ({
      ...bookedIntent(intent, order._id),
      charges: charges
        .filter(({ payment_intent: intentId }) => intentId === intent.id)
        .map((charge) => ({
          ...bookedCharge(charge),
          refunds: refunds.filter((refund) => refund.charge === charge.id).map(bookedRefund),
        })),
    })),
  };
}
