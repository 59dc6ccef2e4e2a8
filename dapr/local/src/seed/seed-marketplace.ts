// Demo accounts and tickets, made through the public address as a person would; what is there already is left.
import { Problem } from '../settings/problem';

export const demoAccounts = [
  { email: 'sam@example.com', password: 'demo-seller-1' },
  { email: 'bea@example.com', password: 'demo-buyer-1' },
] as const;

export const demoTickets = [
  { title: 'The Midnight Owls, stalls', priceCents: 4_500 },
  { title: 'The Midnight Owls, balcony', priceCents: 3_200 },
  { title: 'Harbour Jazz Festival, day pass', priceCents: 8_900 },
  { title: 'Harbour Jazz Festival, weekend', priceCents: 15_900 },
  { title: 'City Philharmonic: Mahler 2', priceCents: 6_400 },
  { title: 'Rovers v United, east stand', priceCents: 3_800 },
  { title: 'Rovers v United, season decider', priceCents: 5_250 },
  { title: 'Indoor Athletics Final', priceCents: 2_700 },
  { title: 'Stand-up Thursday', priceCents: 1_500 },
  { title: 'Open Air Cinema: double bill', priceCents: 1_200 },
  { title: 'Ice Hockey Cup, semi-final', priceCents: 4_100 },
  { title: 'Late Night Piano', priceCents: 2_000 },
] as const;

export interface SeededTicket {
  id: string;
  title: string;
  priceCents: number;
  state: 'listed' | 'there already';
}

/** @throws Problem when nothing answers at the address or it refuses */
export async function seedMarketplace(publicUrl: string): Promise<SeededTicket[]> {
  const sessions = [];
  for (const account of demoAccounts) sessions.push(await signUpOrIn(publicUrl, account));
  const [seller = ''] = sessions;
  const present = await ticketsOf(publicUrl, seller);
  const seeded: SeededTicket[] = [];
  for (const { title, priceCents } of demoTickets) {
    const known = present.find((ticket) => ticket.title === title);
    const id =
      known?.id ?? (await send(publicUrl, 'POST', '/api/tickets', seller, { title, price: priceCents })).body.id;
    seeded.push({ id, title, priceCents, state: known ? 'there already' : 'listed' });
  }
  return seeded;
}

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
