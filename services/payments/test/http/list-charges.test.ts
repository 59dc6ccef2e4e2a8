import { newId } from '@ticketing/common';
import { captured, cards, confirm, listCharges, opened, placeOrder, settle, sharedPayments } from '../start-payments';

const running = sharedPayments();

test('When a buyer lists the charges of an order, then all attempts are there, oldest first', async () => {
  const order = placeOrder(running);
  const payment = await opened(running, order);
  await confirm(running, payment, cards.declined);
  await settle(running, order);
  await confirm(running, payment, cards.approved);
  await settle(running, order);
  const answer = await listCharges(running, order);
  expect(answer.status).toBe(200);
  expect(answer.body.items).toMatchObject([
    {
      orderId: order.id,
      status: 'Failed',
      reason: 'generic_decline',
      stripeId: expect.stringMatching(/^ch_/),
      attemptsLeft: 2,
    },
    { orderId: order.id, status: 'Completed', amount: 4500, stripeRefundId: null },
  ]);
});

test('When nothing was paid yet, then the list is empty', async () => {
  expect((await listCharges(running, placeOrder(running))).body).toEqual({ items: [] });
});

test('When the order is another’s, or nobody’s, then 404', async () => {
  const order = placeOrder(running);
  await captured(running, order);
  expect((await listCharges(running, { ...order, userId: newId() })).status).toBe(404);
  expect((await listCharges(running, { ...placeOrder(running), userId: newId() })).status).toBe(404);
  expect((await listCharges(running, { id: newId(), userId: newId() })).status).toBe(404);
});
