import { commandCounter } from '@ticketing/common/testing';
import { captureAnswered } from '../../src/domain/close-payment';
import { keyUsedUp, openPayment } from '../../src/domain/open-payment';
import { changed } from '../../src/domain/payment';
import {
  authorised,
  opened,
  placeOrder,
  publishedOf,
  reconcileAfterMs,
  settle,
  sharedPayments,
  stored,
} from '../start-payments';

const running = sharedPayments();

test('When the service starts, then an index answers every query that is not by id', async () => {
  const { connection } = running.database;
  const indexesOf = async (name: string) =>
    (await connection.collection(name).indexes()).map(({ key, partialFilterExpression: of = 'all' }) => ({ key, of }));
  expect(await indexesOf('payments')).toEqual(
    expect.arrayContaining([
      { key: { dueAt: 1 }, of: { dueAt: { $exists: true } } },
      // Counted by the state alone: an index is looked at only when the question names its first key.
      { key: { state: 1, openedAt: 1 }, of: { state: 'refunding' } },
      { key: { refundTellAt: 1 }, of: { refundTellAt: { $exists: true } } },
      { key: { 'charges.id': 1 }, of: 'all' },
      { key: { intentId: 1 }, of: 'all' },
    ]),
  );
  expect((await indexesOf('payments')).map(({ key }) => key)).toContainEqual({ 'outbox.at': 1 });
  expect((await indexesOf('webhook_events')).map(({ key }) => key)).toEqual(
    expect.arrayContaining([{ dueAt: 1 }, { receivedAt: 1 }]),
  );
});

test('When two write what they decided on the same version, then one of them is told to decide again', async () => {
  const order = placeOrder(running);
  await opened(running, order);
  const read = await stored(running, order);
  const saves = await Promise.all(
    Array.from({ length: 10 }, (_, n) => running.deps.payments.save(read, changed(read, { tries: n + 1 }))),
  );
  expect(saves.filter((saved) => saved !== null)).toHaveLength(1);
  expect((await stored(running, order)).version).toBe(read.version + 1);
});

describe('When a visit is planned', () => {
  const visit = async () => {
    const order = placeOrder(running);
    await opened(running, order);
    running.dapr.clock.advance(reconcileAfterMs);
    await running.deps.payments.claimDue(100, running.dapr.clock.now());
    return order;
  };

  test('and Stripe only refuses a request, then it stays planned, and later and later', async () => {
    const order = await visit();
    const { dueAt, visits, ...read } = await stored(running, order);
    await running.deps.payments.save(read, keyUsedUp(read));
    expect(await stored(running, order)).toMatchObject({ dueAt, visits, tries: read.tries + 1 });
  });

  test('and the payment moves, then it is left alone for as long as at the start', async () => {
    const order = await visit();
    const read = await stored(running, order);
    await running.deps.payments.save(read, captureAnswered(read, true));
    const dueAt = new Date(running.dapr.clock.now().getTime() + reconcileAfterMs);
    expect(await stored(running, order)).toMatchObject({ dueAt, visits: 0, state: 'capturing' });
  });
});

test('When a payment is written twice, then the first one stands, and only its charge is told', async () => {
  const order = placeOrder(running);
  const change = () => openPayment({ ...order, price: 4500 }, running.dapr.clock.now());
  const inserts = await Promise.all([1, 2, 3].map(() => running.deps.payments.insert(change())));
  expect(inserts.filter((inserted) => inserted !== null)).toHaveLength(1);
  expect((await publishedOf(running, order)).map(({ type }) => type)).toEqual(['charge.created']);
  expect((await stored(running, order)).outbox).toEqual([]);
});

test('When a payment goes well, then opening costs two writes and settling three', async () => {
  const counter = commandCounter(running.database.connection);
  const order = placeOrder(running);
  await opened(running, order);
  const names = () => counter.commands.filter(({ collection }) => collection === 'payments').map(({ name }) => name);
  const writes = () => names().filter((name) => name === 'insert' || name === 'findAndModify');
  expect(writes()).toEqual(['insert', 'findAndModify']);
  await authorised(running, order);
  counter.reset();
  await settle(running, order);
  // The card's charge is noted, then the yes of orders, then the capture.
  expect(writes()).toEqual(['findAndModify', 'findAndModify', 'findAndModify']);
  counter.stop();
});
