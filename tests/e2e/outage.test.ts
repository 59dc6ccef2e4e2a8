// The stack under load while its broker and its orders service are killed. Whatever was answered 201 must end, and who
// paid must hear of it.
import { inParallel } from '@ticketing/common';
import { confirmCard } from '../../dapr/local/src/stripe-simulator';
import { mailsTo } from '../stack/mails';
import { processOf } from '../stack/processes';
import { type Stack, startStack } from '../stack/start-stack';
import { type Reply, type Visitor, type Visitors, visitorsOf } from '../stack/visitor';
import { waitFor } from '../stack/wait-for';

interface Order {
  id: string;
  status: string;
  ticketId: string;
}

interface Placed {
  order: Order;
  buyer: Visitor;
}

interface Payment {
  id: string;
  clientSecret: string;
  publishableKey: string;
}

interface Ticket {
  id: string;
  title: string;
  orderId: string | null;
  sold: boolean;
}

const ticketCount = 300;
const inFlight = 16;
/** The others leave their hold to expire. */
const everyPaying = 3;
/** Each killing has its own: an account may ask for so many payments a minute, and no more. */
const buyersEach = 3;
/** What asks again, as a person would, while a service is away. */
const passing = [502, 503, 504];

jest.setTimeout(480_000);

describe('When parts of the stack are killed under load', () => {
  let stack: Stack;
  let people: Visitors;
  let seller: Visitor;

  beforeAll(async () => {
    stack = await startStack({ portBase: 30_000, env: { HOLD_WINDOW: '10s' } });
    people = visitorsOf(stack.url);
    seller = await people.signUp('seller@example.com');
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
    async (name, command) => {
      const tickets = await listTickets(name);
      const buyers = await Promise.all(
        Array.from({ length: buyersEach }, (_, n) =>
          people.signUp(`buyer${n}.${name.replaceAll(' ', '.')}@example.com`),
        ),
      );
      const placed: Placed[] = [];
      const paid: Ticket[] = [];
      let killed = false;
      await inParallel(tickets, { width: inFlight }, async (ticket) => {
        const buyer = buyers[tickets.indexOf(ticket) % buyersEach] as Visitor;
        const reply = await buyer.request<Order>('POST', '/api/orders', { ticketId: ticket.id });
        const isPlaced = reply.status === 201 || reply.status === 200;
        if (isPlaced) placed.push({ order: reply.body, buyer });
        else expect(passing).toContain(reply.status);
        if (isPlaced && placed.length % everyPaying === 0 && (await pay(buyer, reply.body))) paid.push(ticket);
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

      expect(paid.length).toBeGreaterThan(ticketCount / 30);
      const sold = new Set(state.flatMap(({ body }) => (body.sold ? [body.id] : [])));
      expect(paid.filter(({ id }) => !sold.has(id))).toEqual([]);
      for (const [recipients, about] of [
        [buyers, 'Your ticket: '],
        [[seller], 'Sold: '],
      ] as const) {
        await waitFor(
          `a mail about each of ${paid.length} tickets: ${about}`,
          async () => {
            const mails = (await Promise.all(recipients.map(({ email }) => mailsTo(stack, email)))).flat();
            const subjects = new Set(mails.map(({ subject }) => subject));
            return paid.every(({ title }) => subjects.has(about + title));
          },
          150_000,
        );
      }
    },
  );

  /** @returns whether the money was taken; not when the time was up, which an outage may use up */
  async function pay(buyer: Visitor, order: Order): Promise<boolean> {
    const opened = await untilAnswered(() => buyer.request<Payment>('POST', '/api/payments', { orderId: order.id }));
    if (opened.status !== 201) return false;
    const { id, clientSecret, publishableKey } = opened.body;
    const url = `http://127.0.0.1:${stack.ports.backing.stripe}`;
    await confirmCard({ url, publishableKey, clientSecret, cardNumber: '4242424242424242' });
    const settled = await untilAnswered(() => buyer.request<{ status: string }>('POST', `/api/payments/${id}/settle`));
    return settled.status === 200 && settled.body.status === 'Completed';
  }

  const untilAnswered = <Body>(ask: () => Promise<Reply<Body>>): Promise<Reply<Body>> =>
    waitFor(
      'an answer',
      async () => {
        const reply = await ask();
        return !passing.includes(reply.status) && reply;
      },
      60_000,
    );

  async function listTickets(about: string): Promise<Ticket[]> {
    const tickets: Ticket[] = [];
    await inParallel([...Array(ticketCount).keys()], { width: inFlight }, async (n) => {
      const reply = await seller.request<Ticket>('POST', '/api/tickets', {
        title: `${n} without ${about}`,
        price: 1_000,
      });
      expect(reply.status).toBe(201);
      tickets.push(reply.body);
    });
    return tickets;
  }

  async function open(placed: Placed[]): Promise<string[]> {
    const now = await Promise.all(
      placed.map(({ order, buyer }) => buyer.request<Order>('GET', `/api/orders/${order.id}`)),
    );
    return now
      .filter(({ status, body }) => status !== 200 || !['Completed', 'Cancelled'].includes(body.status))
      .map(({ body }) => body.id);
  }
});
