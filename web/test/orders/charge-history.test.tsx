/** @jest-environment jsdom */
import { cleanup, render, screen } from '@testing-library/react';
import type { Charge } from '@/api/types';
import { ChargeHistory } from '@/orders/charge-history';

const charge = (id: string, more: Partial<Charge>): Charge => ({
  id,
  orderId: 'order',
  status: 'Failed',
  amount: 4_500,
  stripeRefundId: null,
  ...more,
});
const told = () => screen.getAllByRole('listitem').map(({ textContent }) => textContent);

afterEach(cleanup);

test('The history of an order says what happened to each card, and to try none', () => {
  const message = 'Try another card.';
  render(
    <ChargeHistory
      isOpen={false}
      charges={[
        charge('1', { reason: 'card_declined', message: `The card was declined. ${message}` }),
        charge('2', { reason: 'insufficient_funds', message: `The card has insufficient funds. ${message}` }),
        charge('3', { status: 'Completed', stripeRefundId: 're_1' }),
      ]}
    />,
  );
  expect(told()).toEqual([
    '$45.00 The card was declined.',
    '$45.00 There is not enough money on this card.',
    '$45.00 Paid, and refunded.',
  ]);
});
