import { type Invoker, NoAnswer, type PaymentOutcome, paymentOutcomeAnswer } from '@ticketing/common';

/** Stripe's final word on an order, as payments knows it. @throws NoAnswer */
export const askPayments =
  (invoker: Invoker) =>
  async (orderId: string): Promise<PaymentOutcome> => {
    const path = `internal/payments/outcome/${orderId}`;
    const answer = await invoker.invoke({ app: 'payments', method: 'GET', path, timeoutMs: 15_000 });
    if (answer.status !== 200) throw new NoAnswer('payments', `outcome was answered ${answer.status}`);
    return paymentOutcomeAnswer.parse(answer.body).outcome;
  };
