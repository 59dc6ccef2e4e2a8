import mongoose from 'mongoose';
import { withDatabases } from '../../src/audit/with-databases';

const { disconnected } = mongoose.ConnectionStates;
const stillOpen = () => mongoose.connections.filter(({ readyState }) => readyState !== disconnected).length;
const url = () => process.env.TEST_MONGO_URL ?? '';

test('When all databases are there, then they are open for the work, and closed after it', async () => {
  const before = stillOpen();
  const names = await withDatabases({ payments: url(), orders: url(), tickets: url() }, async (databases) => {
    expect(stillOpen()).toBe(before + 3);
    return Object.values(databases).map(({ name }) => name);
  });
  expect(names).toEqual(['ticketing_payments', 'ticketing_orders', 'ticketing_tickets']);
  expect(stillOpen()).toBe(before);
});

test('When the work fails, then they are closed all the same', async () => {
  const work = () => Promise.reject(new Error('Stripe is away'));
  await expect(withDatabases({ payments: url(), orders: url(), tickets: url() }, work)).rejects.toThrow(
    'Stripe is away',
  );
  expect(stillOpen()).toBe(0);
});

test.each(['orders', 'tickets'] as const)('When that of %s cannot be opened, then none stays open', async (service) => {
  const work = jest.fn();
  const urls = { payments: url(), orders: url(), tickets: url(), [service]: 'no address' };
  await expect(withDatabases(urls, work)).rejects.toThrow('Invalid scheme');
  expect([work.mock.calls.length, stillOpen()]).toEqual([0, 0]);
});
