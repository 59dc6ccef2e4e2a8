import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { json } from 'node:stream/consumers';
import { demoAccounts, demoTickets, seedMarketplace } from '../../src/seed/seed-marketplace';

/** As much of the API as seeding uses; pages of five, so that paging is needed. */
function startMarketplace() {
  const accounts = new Map<string, string>();
  const tickets: { id: string; title: string; price: number; venue?: string; startsAt?: string; owner: string }[] = [];
  const server = createServer(async (request, response) => {
    const answer = (status: number, body: unknown, cookie?: string) => {
      response.writeHead(status, {
        'content-type': 'application/json',
        ...(cookie ? { 'set-cookie': `session=${cookie}; HttpOnly` } : {}),
      });
      response.end(JSON.stringify(body));
    };
    const owner = request.headers.cookie?.replace('session=', '') ?? '';
    const url = new URL(request.url ?? '/', 'http://x');
    const route = `${request.method} ${url.pathname}`;
    const body = request.method === 'POST' ? ((await json(request)) as Record<string, string & number>) : {};
    const { email = '', password = '' } = body;
    if (route === 'POST /api/users/signup') {
      if (accounts.has(email)) return answer(409, { title: 'in use' });
      accounts.set(email, password);
      return answer(201, { id: email, email }, email);
    }
    if (route === 'POST /api/users/signin')
      return accounts.get(email) === password ? answer(200, {}, email) : answer(401, {});
    if (!accounts.has(owner)) return answer(401, {});
    if (route === 'POST /api/tickets') {
      const { title = '', price = 0, ...event } = body;
      const ticket = { ...event, id: String(tickets.length), title, price, owner };
      tickets.push(ticket);
      return answer(201, ticket);
    }
    const start = Number(url.searchParams.get('cursor') ?? 0);
    const mine = tickets.filter((ticket) => ticket.owner === owner);
    return answer(200, {
      items: mine.slice(start, start + 5),
      nextCursor: start + 5 < mine.length ? String(start + 5) : null,
    });
  });
  server.listen(0, '127.0.0.1');
  return { server, tickets, accounts };
}

describe('seeding', () => {
  let server: Server;
  let marketplace: ReturnType<typeof startMarketplace>;
  let url: string;
  beforeEach(async () => {
    marketplace = startMarketplace();
    server = marketplace.server;
    await once(server, 'listening');
    url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  });
  afterEach(() => {
    server.closeAllConnections();
    server.close();
  });

  test('makes the accounts and lists every ticket, in cents', async () => {
    const seeded = await seedMarketplace(url);
    expect([...marketplace.accounts.keys()]).toEqual(demoAccounts.map(({ email }) => email));
    expect(marketplace.tickets.map(({ title, price }) => [title, price])).toEqual(
      demoTickets.map(({ title, priceCents }) => [title, priceCents]),
    );
    expect(seeded.every(({ state }) => state === 'listed')).toBe(true);
  });

  test('tells where and when: dates are RFC 3339 and lie ahead, also right before midnight', async () => {
    const now = new Date('2026-12-31T23:59:59.000Z');
    await seedMarketplace(url, now);
    expect(marketplace.tickets.map(({ venue }) => venue)).toEqual(demoTickets.map(({ venue }) => venue));
    const dates = marketplace.tickets.flatMap(({ startsAt }) => startsAt ?? []);
    expect(dates).toHaveLength(demoTickets.length - 1);
    expect(dates).toContain('2027-01-03T19:30:00Z');
    for (const date of dates) expect(Date.parse(date)).toBeGreaterThan(now.getTime());
  });

  test('adds nothing when repeated', async () => {
    const first = await seedMarketplace(url);
    const second = await seedMarketplace(url);
    expect(marketplace.tickets.length).toBe(demoTickets.length);
    expect(second.map(({ id, state }) => [id, state])).toEqual(first.map(({ id }) => [id, 'there already']));
  });

  test('says that nothing answers, and what to do', async () => {
    server.close();
    await once(server, 'close');
    await expect(seedMarketplace(url)).rejects.toThrow(/Nothing answers at .*make run/);
  });
});
