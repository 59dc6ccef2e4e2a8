// Demo accounts and tickets, made through the public address as a person would; what is there already is left.
import { Problem } from '../settings/problem';

export const demoAccounts = [
  { email: 'sam@example.com', password: 'demo-seller-1' },
  { email: 'bea@example.com', password: 'demo-buyer-1' },
] as const;

/** Dates are told as days from when they are seeded, at an hour in UTC, so that they always lie ahead. */
export const demoTickets: readonly DemoTicket[] = [
  { title: 'The Midnight Owls, stalls', venue: 'Lantern Hall, Bristol', inDays: 12, atUtc: '20:00', priceCents: 4_500 },
  {
    title: 'The Midnight Owls, balcony',
    venue: 'Lantern Hall, Bristol',
    inDays: 12,
    atUtc: '20:00',
    priceCents: 3_200,
  },
  {
    title: 'Harbour Jazz Festival, day pass',
    venue: 'Old Docks, Hamburg',
    inDays: 47,
    atUtc: '13:00',
    priceCents: 8_900,
  },
  {
    title: 'Harbour Jazz Festival, weekend',
    venue: 'Old Docks, Hamburg',
    inDays: 47,
    atUtc: '13:00',
    priceCents: 15_900,
  },
  {
    title: 'City Philharmonic: Mahler 2',
    venue: 'Konserthuset, Göteborg',
    inDays: 19,
    atUtc: '18:30',
    priceCents: 6_400,
  },
  {
    title: 'Rovers v United, east stand',
    venue: 'Mill Lane Ground, Leeds',
    inDays: 5,
    atUtc: '15:00',
    priceCents: 3_800,
  },
  {
    title: 'Rovers v United, season decider',
    venue: 'Mill Lane Ground, Leeds',
    inDays: 68,
    atUtc: '19:45',
    priceCents: 5_250,
  },
  { title: 'Indoor Athletics Final', venue: 'Velodrome, Lyon', inDays: 33, atUtc: '17:00', priceCents: 2_700 },
  { title: 'Stand-up after work', venue: 'The Cellar Door, Dublin', inDays: 3, atUtc: '19:30', priceCents: 1_500 },
  {
    title: 'Open Air Cinema: double bill',
    venue: 'Castle Meadow, Graz',
    inDays: 160,
    atUtc: '19:00',
    priceCents: 1_200,
  },
  { title: 'Ice Hockey Cup, semi-final', venue: 'Polar Arena, Tampere', inDays: 26, atUtc: '16:30', priceCents: 4_100 },
  // Not every seller knows where and when.
  { title: 'Late Night Piano', priceCents: 2_000 },
];

export interface DemoTicket {
  title: string;
  venue?: string;
  inDays?: number;
  atUtc?: string;
  priceCents: number;
}

export interface SeededTicket {
  id: string;
  title: string;
  priceCents: number;
  state: 'listed' | 'there already';
}

/** @throws Problem when nothing answers at the address or it refuses */
export async function seedMarketplace(publicUrl: string, now = new Date()): Promise<SeededTicket[]> {
  const sessions = [];
  for (const account of demoAccounts) sessions.push(await signUpOrIn(publicUrl, account));
  const [seller = ''] = sessions;
  const present = await ticketsOf(publicUrl, seller);
  const seeded: SeededTicket[] = [];
  for (const ticket of demoTickets) {
    const { title, priceCents } = ticket;
    const known = present.find((other) => other.title === title);
    const id = known?.id ?? (await send(publicUrl, 'POST', '/api/tickets', seller, bodyOf(ticket, now))).body.id;
    seeded.push({ id, title, priceCents, state: known ? 'there already' : 'listed' });
  }
  return seeded;
}

const bodyOf = ({ title, venue, inDays, atUtc, priceCents }: DemoTicket, now: Date) => ({
  title,
  price: priceCents,
  ...(venue === undefined ? {} : { venue }),
  ...(inDays === undefined ? {} : { startsAt: `${dateIn(inDays, now)}T${atUtc}:00Z` }),
});

const dateIn = (days: number, now: Date) => new Date(now.getTime() + days * 24 * 3_600_000).toISOString().slice(0, 10);

async function ticketsOf(publicUrl: string, session: string): Promise<{ id: string; title: string }[]> {
  const tickets = [];
  let cursor: string | null | undefined = '';
  do {
    const page = await send(
      publicUrl,
      'GET',
      `/api/tickets/mine${cursor && `?cursor=${encodeURIComponent(cursor)}`}`,
      session,
    );
    tickets.push(...(page.body.items ?? []));
    cursor = page.body.nextCursor;
  } while (cursor);
  return tickets;
}

async function signUpOrIn(publicUrl: string, account: { email: string; password: string }): Promise<string> {
  const signedUp = await send(publicUrl, 'POST', '/api/users/signup', '', account, [201, 409]);
  if (signedUp.status === 201) return signedUp.cookie;
  return (await send(publicUrl, 'POST', '/api/users/signin', '', account)).cookie;
}

interface TicketBody {
  id: string;
  items?: { id: string; title: string }[];
  nextCursor?: string | null;
}

interface Answer {
  status: number;
  cookie: string;
  body: TicketBody;
}

async function send(
  publicUrl: string,
  method: string,
  path: string,
  cookie: string,
  body?: object,
  expected?: number[],
): Promise<Answer> {
  const response = await fetch(publicUrl + path, {
    method,
    headers: { ...(cookie ? { cookie } : {}), ...(body ? { 'content-type': 'application/json' } : {}) },
    ...(body ? { body: JSON.stringify(body) } : {}),
    signal: AbortSignal.timeout(10_000),
  }).catch((error: Error) => {
    throw new Problem(
      `Nothing answers at ${publicUrl} (${error.cause instanceof Error ? error.cause.message : error.message}): start the marketplace with make run.`,
    );
  });
  const text = await response.text();
  if (expected ? !expected.includes(response.status) : !response.ok) {
    throw new Problem(`${method} ${path} answered ${response.status}: ${text.slice(0, 300)}`);
  }
  return {
    status: response.status,
    cookie: response.headers
      .getSetCookie()
      .map((line) => line.split(';')[0])
      .join('; '),
    body: text ? JSON.parse(text) : {},
  };
}
