// Forty buyers for each of twenty tickets, released together.
import { auditEnd, auditNow, readBooks } from './audit';
import { type Marketplace, startMarketplace } from './marketplace';

const ticketCount = 20;
const buyersEach = 40;
/** Tickets that are fought over at the same moment. */
const atOnce = 5;

let market: Marketplace;
beforeAll(async () => {
  // In one process a few hundred requests queue before two cores: only the answer matters here, not its time.
  market = await startMarketplace({ orders: { holdTimeoutMs: 60_000 } });
});
afterAll(() => market.close());

it('each ticket goes to exactly one buyer, all others are told so, and nothing fails', async () => {
  const ticketIds = await Promise.all(Array.from({ length: ticketCount }, (_, n) => market.list(`seller-${n}`)));
  const winners = new Map<string, unknown>();
  for (let first = 0; first < ticketCount; first += atOnce) {
    const fought = ticketIds.slice(first, first + atOnce);
    const requests = fought.flatMap((ticketId) =>
      Array.from({ length: buyersEach }, (_, n) => ({ ticketId, user: `buyer-${n}` })),
    );
    const answers = await Promise.all(
      requests.map(({ ticketId, user }) => market.ask('orders', 'POST', '/api/orders', { user, body: { ticketId } })),
    );
    for (const ticketId of fought) {
      const its = answers.filter((_, n) => requests[n]?.ticketId === ticketId);
      const won = its.filter(({ status }) => status === 201);
      expect(won).toHaveLength(1);
      expect(its.filter(({ status }) => status === 409)).toHaveLength(buyersEach - 1);
      winners.set(ticketId, won[0]?.body.id);
    }
  }
  expect(await auditNow(market)).toEqual([]);
  const { tickets, orders } = await readBooks(market);
  expect(orders).toHaveLength(ticketCount);
  for (const { _id, ticketId, status } of orders) {
    expect([_id, status]).toEqual([winners.get(ticketId), 'AwaitingPayment']);
  }
  expect(new Map(tickets.map(({ _id, orderId }) => [_id, orderId]))).toEqual(winners);
}, 60_000);

it('then half of the winners pay and the rest let their time pass: sold, or for sale again', async () => {
  const { orders } = await readBooks(market);
  await market.dapr.settle();
  const paying = orders.slice(0, ticketCount / 2);
  for (const { _id } of paying) await market.pay(_id);
  await market.mend();
  expect(await auditEnd(market)).toEqual([]);
  const { items } = (await market.ask('tickets', 'GET', '/api/tickets?limit=100')).body as { items?: unknown[] };
  expect(items).toHaveLength(ticketCount - paying.length);
}, 60_000);

it('a buyer’s ten windows get one order, whether or not they share a key', async () => {
  for (const key of ['same-key', undefined]) {
    const ticketId = await market.list('ada');
    const answers = await Promise.all(
      Array.from({ length: 10 }, () =>
        market.ask('orders', 'POST', '/api/orders', { user: 'bob', body: { ticketId }, key }),
      ),
    );
    expect(answers.map(({ status }) => status).sort()).toEqual([...Array(9).fill(200), 201]);
    expect(new Set(answers.map(({ body }) => body.id)).size).toBe(1);
  }
  expect(await auditNow(market)).toEqual([]);
});
