import { cards, confirm, listCharges, opened, placeOrder, publishedOf, settle, startPayments } from '../start-payments';

test.each([1, 2, 4])(
  'When %i attempts are allowed, then so many declines end the payment, and no fewer',
  async (attempts) => {
    const running = await startPayments({ maxDeclines: attempts });
    try {
      const order = placeOrder(running);
      const payment = await opened(running, order);
      for (let attempt = 1; attempt <= attempts; attempt += 1) {
        expect((await confirm(running, payment, cards.declined)).error?.code).toBe('card_declined');
        await settle(running, order);
      }
      expect((await confirm(running, payment, cards.approved)).error?.code).toBe('payment_intent_unexpected_state');
      const failures = (await publishedOf(running, order)).filter(({ type }) => type === 'charge.failed');
      expect(failures.map(({ data }) => data.final)).toEqual([...new Array(attempts - 1).fill(false), true]);
      const { body } = await listCharges(running, order);
      const messages = (body as { items: { message: string }[] }).items.map(({ message }) => message);
      expect(messages.filter((message) => message.includes('last attempt'))).toEqual([messages.at(-1)]);
    } finally {
      await running.close();
    }
  },
);
