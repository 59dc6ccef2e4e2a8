import { type Invoker, type PaymentOutcome, paymentOutcomeAnswer, understood } from '@ticketing/common';

/** Stripe's final word on an order, as payments knows it. @throws NoAnswer */
export const askPayments =
  (invoker: Invoker) =>
  async (orderId: string): Promise<PaymentOutcome> => {
    const path = `internal/payments/outcome/${orderId}`;
    const answer = await invoker.invoke({ app: 'payments', method: 'GET', path });
    return understood('payments', answer, 200, paymentOutcomeAnswer).outcome;
  };
