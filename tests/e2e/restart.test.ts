import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { connectMongo } from '@ticketing/common';
import { startStack } from '../stack/start-stack';
import { visitorsOf } from '../stack/visitor';
import { waitFor } from '../stack/wait-for';

interface Order {
  id: string;
  status: string;
  expiresAt: string;
}

test('When everything is killed and started again in the middle of a hold, then the hold still expires', async () => {
  const dataDir = mkdtempSync(join(tmpdir(), 'ticketing-restart-'));
  const options = { portBase: 27_000, dataDir, env: { HOLD_WINDOW: '25s' } };
  const first = await startStack(options);
  const people = visitorsOf(first.url);
  const seller = await people.signUp('seller@example.com');
  const buyer = await people.signUp('buyer@example.com');
  const ticket = await seller.request<{ id: string }>('POST', '/api/tickets', { title: 'Interrupted', price: 5_000 });
  const order = await buyer.request<Order>('POST', '/api/orders', { ticketId: ticket.body.id });
  expect(order.status).toBe(201);
  const records = await connectMongo(`mongodb://127.0.0.1:${first.ports.backing.mongo}`, 'ticketing_orders');
  await waitFor('the order event has left its outbox', async () => {
    const stored = await records
      .collection<{ _id: string; outbox: unknown[] }>('orders')
      .findOne({ _id: order.body.id });
    return stored?.outbox.length === 0;
  });
  await records.close();
  await people.close();
  await first.stop('SIGKILL');

  const second = await startStack(options);
  const again = visitorsOf(second.url);
  try {
    const returning = Object.assign(again.anonymous(), { cookie: buyer.cookie });
    const ended = await waitFor(
      'the order is cancelled',
      async () => {
        const { body } = await returning.request<Order>('GET', `/api/orders/${order.body.id}`);
        return body.status === 'Cancelled' && body;
      },
      60_000,
    );
    expect(Date.now()).toBeGreaterThanOrEqual(Date.parse(ended.expiresAt));
    await waitFor('the ticket is for sale', async () => {
      const { body } = await returning.request<{ orderId: string | null }>('GET', `/api/tickets/${ticket.body.id}`);
      return body.orderId === null;
    });
  } finally {
    await again.close();
    expect(await second.stop()).toBe(0);
    rmSync(dataDir, { recursive: true, force: true });
  }
}, 1_800_000);
