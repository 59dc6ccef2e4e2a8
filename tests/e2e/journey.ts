// What people do, as the outside checks it: one suite for every broker.
import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { confirmCard } from '../../dapr/local/src/stripe-simulator';
import { scanPdf } from '../../services/orders/test/e-ticket/read-pdf';
import { listenersOf } from '../stack/listeners';
import { mailsTo } from '../stack/mails';
import { processesBelow, processOf } from '../stack/processes';
import { type Stack, startStack } from '../stack/start-stack';
import { type Visitor, type Visitors, visitorsOf } from '../stack/visitor';
import { waitFor } from '../stack/wait-for';
import { runTranscript, transcript } from './readme';

interface Ticket {
  id: string;
  title: string;
  price: number;
  orderId: string | null;
  sold: boolean;
  version: number;
}

interface Order {
  id: string;
  status: string;
  cancelReason: string | null;
  expiresAt: string;
  price: number;
}

interface Payment {
  id: string;
  clientSecret: string;
  publishableKey: string;
  amount: number;
}

const holdSeconds = 8;
const sessionKey = 'a-session-key-for-one-journey-only';
/** Where the environment and the sockets of every process can be read: on Linux. */
const testWhereSeen = existsSync('/proc/self/environ') ? test : test.skip;
if (testWhereSeen === test.skip) process.stdout.write('No /proc here: environments and sockets are not looked at.\n');

jest.setTimeout(60_000);

export function describeJourney(broker: 'redis' | 'nats', portBase: number): void {
  describe(`The marketplace on ${broker}`, () => {
    let stack: Stack;
    let people: Visitors;
    let seller: Visitor;
    let buyer: Visitor;
    let other: Visitor;

    beforeAll(async () => {
      stack = await startStack({
        portBase,
        env: { PUBSUB: broker, HOLD_WINDOW: `${holdSeconds}s`, JWT_KEY: sessionKey },
      });
      people = visitorsOf(stack.url);
      seller = await people.signUp('seller@example.com');
      buyer = await people.signUp('buyer@example.com');
      other = await people.signUp('other@example.com');
    }, 1_600_000);

    afterAll(async () => {
      await people?.close();
      const code = await stack?.stop();
      expect(code).toBe(0);
    }, 30_000);

    const list = async (title: string, price = 4_500): Promise<Ticket> => {
      const reply = await seller.request<Ticket>('POST', '/api/tickets', { title, price });
      expect(reply.status).toBe(201);
      return reply.body;
    };
    const ticketNow = async (id: string) => (await buyer.request<Ticket>('GET', `/api/tickets/${id}`)).body;
    const orderNow = async (id: string) => (await buyer.request<Order>('GET', `/api/orders/${id}`)).body;
    const hold = async (ticket: Ticket, who = buyer): Promise<Order> => {
      const reply = await who.request<Order>('POST', '/api/orders', { ticketId: ticket.id });
      expect(reply.status).toBe(201);
      return reply.body;
    };
    const openPayment = async (order: Order): Promise<Payment> => {
      const reply = await buyer.request<Payment>('POST', '/api/payments', { orderId: order.id });
      expect(reply.status).toBe(201);
      return reply.body;
    };
    const pay = async (payment: Payment, cardNumber: string) => {
      await confirmCard({
        url: `http://127.0.0.1:${stack.ports.backing.stripe}`,
        publishableKey: payment.publishableKey,
        clientSecret: payment.clientSecret,
        cardNumber,
      });
      return buyer.request<{ status: string }>('POST', `/api/payments/${payment.id}/settle`);
    };
    /** As an operator does: `make refund ORDER=…`. */
    const refund = ({ id }: Order) => {
      const program = join(__dirname, '../../dapr/local/dist/main.js');
      const { status, stderr } = spawnSync(process.execPath, [program, 'refund', id, '--yes'], {
        env: { ...process.env, DATA_DIR: stack.dataDir },
        encoding: 'utf8',
      });
      expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
    };

    test('When somebody opens the address in a browser, then the web client answers with a page', async () => {
      const reply = await fetch(stack.url, { headers: { accept: 'text/html' } });
      expect(reply.status).toBe(200);
      expect(reply.headers.get('content-type')).toMatch(/^text\/html/);
      const html = await reply.text();
      expect(html).toMatch(/<title>[^<]*Row Fifteen/);
      const script = /src="(\/_next\/static\/[^"]+\.js)"/.exec(html)?.[1];
      const loaded = await fetch(stack.url + script, { headers: { 'accept-encoding': 'br' } });
      expect(loaded.status).toBe(200);
      expect(Object.fromEntries(loaded.headers)).toMatchObject({
        'content-encoding': 'br',
        'cache-control': expect.stringContaining('immutable'),
      });
      expect((await fetch(`${stack.url}/no-such-page`)).status).toBe(404);
    });

    test('When a ticket is bought and paid, then it is sold and buyer and seller get an e-mail', async () => {
      const ticket = await list('Ada and the Engines');
      const order = await hold(ticket);
      expect(order).toMatchObject({ status: 'AwaitingPayment', price: 4_500 });
      const payment = await openPayment(order);
      expect(payment.amount).toBe(4_500);
      expect((await pay(payment, '4242424242424242')).status).toBe(200);
      await waitFor('the order is completed', async () => (await orderNow(order.id)).status === 'Completed');
      await waitFor('the ticket is sold', async () => (await ticketNow(ticket.id)).sold);
      const listing = await buyer.request<{ items: Ticket[] }>('GET', '/api/tickets?limit=100');
      expect(listing.body.items.map(({ id }) => id)).not.toContain(ticket.id);
      for (const address of [buyer.email, seller.email]) {
        await waitFor(`a mail to ${address}`, async () =>
          (await mailsTo(stack, address)).some(({ subject }) => subject.includes('Ada and the Engines')),
        );
      }
    });

    test('When the buyer shows the e-ticket at the door, then the seller lets it in, once; after a refund never', async () => {
      const ticket = await list('Ada and the Engines, at the door');
      const order = await hold(ticket);
      await pay(await openPayment(order), '4242424242424242');
      await waitFor('the order is completed', async () => (await orderNow(order.id)).status === 'Completed');
      const eTicket = (cookie: string) => fetch(`${stack.url}/api/orders/${order.id}/ticket`, { headers: { cookie } });
      const reply = await eTicket(buyer.cookie);
      expect([reply.status, reply.headers.get('content-type')]).toEqual([200, 'application/pdf']);
      expect((await eTicket(other.cookie)).status).toBe(404);

      const code = scanPdf(Buffer.from(await reply.arrayBuffer()));
      const show = async (who: Visitor, look = false) =>
        (await who.request<{ verdict: string }>('POST', '/api/tickets/verify', { code, look })).body.verdict;
      expect(await show(seller, true)).toBe('valid');
      expect([await show(seller), await show(seller)]).toEqual(['valid', 'used']);
      expect(await show(buyer)).toBeUndefined();

      refund(order);
      await waitFor('the e-ticket is void', async () => (await eTicket(buyer.cookie)).status === 409);
      await waitFor('the door knows', async () => (await show(seller)) === 'refunded');
      expect((await orderNow(order.id)).status).toBe('Completed');
    });

    test('When a hold is not paid in time, then the ticket is for sale again', async () => {
      const ticket = await list('The Late Ones');
      const order = await hold(ticket);
      await waitFor(
        'the order is cancelled',
        async () => (await orderNow(order.id)).status === 'Cancelled',
        (holdSeconds + 12) * 1_000,
      );
      expect(Date.now()).toBeGreaterThanOrEqual(Date.parse(order.expiresAt));
      expect((await orderNow(order.id)).cancelReason).toBe('Expired');
      await waitFor('the ticket is for sale', async () => (await ticketNow(ticket.id)).orderId === null);
      const again = await other.request<Order>('POST', '/api/orders', { ticketId: ticket.id });
      expect(again.status).toBe(201);
    });

    test('When the buyer cancels, then the ticket is for sale again', async () => {
      const ticket = await list('Second Thoughts');
      const order = await hold(ticket);
      expect((await buyer.request('DELETE', `/api/orders/${order.id}`)).status).toBe(204);
      await waitFor('the ticket is for sale', async () => (await ticketNow(ticket.id)).orderId === null);
      const late = await buyer.request('POST', '/api/payments', { orderId: order.id });
      expect(late.status).toBe(409);
    });

    test('When a card is declined, then another one pays', async () => {
      const ticket = await list('Try Again');
      const order = await hold(ticket);
      const payment = await openPayment(order);
      const declined = await pay(payment, '4000000000000002');
      expect(declined).toMatchObject({ status: 200, body: { status: 'Failed' } });
      expect((await orderNow(order.id)).status).toBe('AwaitingPayment');
      await pay(await openPayment(order), '4242424242424242');
      await waitFor('the order is completed', async () => (await orderNow(order.id)).status === 'Completed');
    });

    test('When a seller buys their own ticket, then they are refused', async () => {
      const ticket = await list('Mine');
      expect((await seller.request('POST', '/api/orders', { ticketId: ticket.id })).status).toBe(403);
    });

    test('When a ticket is held, then its seller can neither change nor delete it, nor another buy it', async () => {
      const ticket = await list('Held');
      await hold(ticket);
      expect((await seller.request('PUT', `/api/tickets/${ticket.id}`, { title: 'Held', price: 9_900 })).status).toBe(
        409,
      );
      expect((await seller.request('DELETE', `/api/tickets/${ticket.id}`)).status).toBe(409);
      expect((await other.request('POST', '/api/orders', { ticketId: ticket.id })).status).toBe(409);
      expect((await buyer.request('POST', '/api/orders', { ticketId: ticket.id })).status).toBe(200);
    });

    test('When somebody signs out, then their session is dead for every service', async () => {
      const guest = await people.signUp('guest@example.com');
      const { cookie } = guest;
      expect((await guest.request('GET', '/api/orders')).status).toBe(200);
      expect((await guest.request('POST', '/api/users/signout')).status).toBe(204);
      guest.cookie = cookie;
      expect((await guest.request('GET', '/api/orders')).status).toBe(401);
      expect((await guest.request('POST', '/api/tickets', { title: 'x', price: 100 })).status).toBe(401);
      expect((await guest.request('GET', '/api/payments?orderId=1')).status).toBe(401);
      expect(
        (await guest.request<{ currentUser: unknown }>('GET', '/api/users/currentuser')).body.currentUser,
      ).toBeNull();
    });

    testWhereSeen('When secrets are given, then no process it starts finds them in its environment', () => {
      const kept = readFileSync(join(stack.dataDir, 'secrets.json'), 'utf8');
      const { secretKey, webhookSecret } = JSON.parse(kept)['stripe-secret'] as Record<string, string>;
      expect(kept).toContain(sessionKey);
      const started = processesBelow(stack.pid).filter(({ pid }) => pid !== stack.pid);
      expect(started.length).toBeGreaterThan(20);
      for (const { pid, command } of started) {
        const env = readFileSync(`/proc/${pid}/environ`, 'utf8');
        const found = [sessionKey, secretKey, webhookSecret].filter((secret) => secret && env.includes(secret));
        expect({ command, found }).toEqual({ command, found: [] });
      }
    });

    testWhereSeen('When a service asks its sidecar for a secret of another, then it is refused', async () => {
      const service = processOf(stack.pid, /^\S*node (--require \S+ )?\S*services\/orders\/dist\/main\.js/);
      const env = readFileSync(`/proc/${service.pid}/environ`, 'utf8');
      const token = /(?:^|\0)DAPR_API_TOKEN=([^\0]*)/.exec(env)?.[1] ?? '';
      const ask = async (name: string) => {
        const url = `http://127.0.0.1:${stack.ports.apps.orders.daprHttp}/v1.0/secrets/secrets/${name}`;
        return (await fetch(url, { headers: { 'dapr-api-token': token } })).status;
      };
      expect([await ask('jwt-secret'), await ask('stripe-secret')]).toEqual([200, 403]);
    });

    testWhereSeen('When it runs, then it listens to this machine alone', async () => {
      const { placementHealth, schedulerHealth } = stack.ports.backing;
      const listeners = listenersOf(processesBelow(stack.pid).map(({ pid }) => pid));
      const { orders } = stack.ports.apps;
      const heard = listeners.map(({ port }) => port);
      for (const port of [orders.app, orders.daprHttp, orders.daprInternal, orders.daprMetrics, placementHealth])
        expect(heard).toContain(port);
      const open = listeners.filter(({ onLoopback }) => !onLoopback).map(({ port }) => port);
      // Dapr 1.18 takes --healthz-listen-address and does not heed it: all that is to be had there is a bare "200".
      expect(open.filter((port) => port !== placementHealth && port !== schedulerHealth)).toEqual([]);
      for (const port of [placementHealth, schedulerHealth]) {
        expect(await (await fetch(`http://127.0.0.1:${port}/healthz`)).text()).toBe('');
        expect((await fetch(`http://127.0.0.1:${port}/placement/state`)).status).toBe(404);
      }
    });

    test("When the README's first journey is followed, then each line prints what the README says", () => {
      const lines = transcript(join(__dirname, '../../README.md'));
      expect(lines.length).toBeGreaterThan(10);
      const printed = runTranscript(lines, {
        'http://localhost:3000': stack.url,
        'http://localhost:14056': `http://localhost:${stack.ports.backing.stripe}`,
        'http://localhost:14055': `http://localhost:${stack.ports.backing.inbox}`,
      });
      expect(printed).toEqual(lines.map(({ expected }) => expected));
    });

    test('When 40 accounts want each of 20 tickets at once, then each ticket goes to exactly one', async () => {
      const crowd = await Promise.all(Array.from({ length: 40 }, (_, n) => people.signUp(`crowd${n}@example.com`)));
      const tickets = await Promise.all(Array.from({ length: 20 }, (_, n) => list(`Contested ${n}`)));
      for (const ticket of tickets) {
        // 503 says that it is not known yet, and to ask again; on a busy machine some of forty at once are told so.
        const ask = async (who: Visitor): Promise<number> => {
          const { status } = await who.request('POST', '/api/orders', { ticketId: ticket.id });
          return status === 503 ? ask(who) : status;
        };
        const statuses = await Promise.all(crowd.map(ask));
        expect(statuses.filter((status) => status === 201 || status === 200)).toHaveLength(1);
        expect(statuses.filter((status) => status === 409)).toHaveLength(39);
      }
    }, 60_000);
  });
}
