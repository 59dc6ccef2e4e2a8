// The stack under load while its broker and its orders service are killed. Whatever was answered 201 must end.

import { processOf } from '../stack/processes';
import { type Stack, startStack } from '../stack/start-stack';
import { type Visitor, type Visitors, visitorsOf } from '../stack/visitor';
import { waitFor } from '../stack/wait-for';

interface Order {
  id: string;
  status: string;
  ticketId: string;
}

interface Ticket {
  id: string;
  orderId: string | null;
  sold: boolean;
}

const ticketCount = 300;
const inFlight = 16;

jest.setTimeout(240_000);

describe('When parts of the stack are killed under load', () => {
  let stack: Stack;
  let people: Visitors;
  let seller: Visitor;
  let buyer: Visitor;

  beforeAll(async () => {
    stack = await startStack({ portBase: 30_000, env: { HOLD_WINDOW: '10s' } });
    people = visitorsOf(stack.url);
    seller = await people.signUp('seller@example.com');
    buyer = await people.signUp('buyer@example.com');
  }, 1_600_000);

  afterAll(async () => {
    await people?.close();
    await stack?.stop();
  }, 30_000);

  const killings: [string, RegExp][] = [
    ['the broker', /redis-server/],
    ['the orders service', /^\S*node (--require \S+ )?\S*services\/orders\/dist\/main\.js/],
  ];

  test.each(killings)(
    'and it is %s, then every order ends and every ticket not sold is for sale again',
    async (_name, command) => {
      const tickets = await listTickets();
      const placed: Order[] = [];
      let killed = false;
      await workers(tickets, async (ticket) => {
        const reply = await buyer.request<Order>('POST', '/api/orders', { ticketId: ticket.id });
        if (reply.status === 201 || reply.status === 200) placed.push(reply.body);
        else expect([502, 503, 504]).toContain(reply.status);
        if (!killed && placed.length >= ticketCount / 3) {
          killed = true;
          const target = processOf(stack.pid, command);
          process.kill(target.pid, 'SIGKILL');
        }
      });
      expect(killed).toBe(true);
      expect(placed.length).toBeGreaterThanOrEqual(ticketCount / 3);

      await waitFor('every order has ended', async () => (await open(placed)).length === 0, 120_000);
      const state = await waitFor(
        'every ticket is free',
        async () => {
          const now = await Promise.all(tickets.map(({ id }) => seller.request<Ticket>('GET', `/api/tickets/${id}`)));
          return now.every(({ status, body }) => status === 200 && (body.sold || body.orderId === null)) && now;
        },
        60_000,
      );
      expect(state).toHaveLength(ticketCount);
    },
  );

  async function listTickets(): Promise<Ticket[]> {
    const tickets: Ticket[] = [];
    await workers(
      Array.from({ length: ticketCount }, (_, n) => n),
      async (n) => {
        const reply = await seller.request<Ticket>('POST', '/api/tickets', { title: `Outage ${n}`, price: 1_000 });
        expect(reply.status).toBe(201);
        tickets.push(reply.body);
      },
    );
    return tickets;
  }

  async function open(orders: Order[]): Promise<string[]> {
    const now = await Promise.all(orders.map(({ id }) => buyer.request<Order>('GET', `/api/orders/${id}`)));
    return now
      .filter(({ status, body }) => status !== 200 || !['Completed', 'Cancelled'].includes(body.status))
      .map(({ body }) => body.id);
  }
});

async function workers<T>(items: readonly T[], work: (item: T) => Promise<void>): Promise<void> {
  const left = [...items];
  const worker = async () => {
    for (let item = left.shift(); item !== undefined; item = left.shift()) await work(item);
  };
  await Promise.all(Array.from({ length: inFlight }, worker));
}
