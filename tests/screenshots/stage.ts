// The stage for pictures: a marketplace with people in it and things for sale, in which scenes are played.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { BrowserContextOptions, Page } from 'playwright-core';
import { openTown, type Person, type Town } from '../browser/open-marketplace';
import { type Stack, startStack } from '../stack/start-stack';
import { waitFor } from '../stack/wait-for';

export interface NewTicket {
  title: string;
  /** Cents. */
  price: number;
  venue?: string;
  startsAt?: string;
}

export interface Stage {
  seller: Person;
  buyer: Person;
  /** Signed in, has neither sold nor bought. */
  newcomer: Person;
  /** What only a marketplace of our own has; nothing when it runs elsewhere. */
  own: { pid: number; expiredOrderId: string | undefined } | undefined;
  list(ticket: NewTicket): Promise<string>;
  /** @returns the order's id */
  order(ticketId: string, buyer?: Person): Promise<string>;
  /** A new tab of somebody's, with this page in it. */
  open(person: Pick<Person, 'context'>, path: string): Promise<Page>;
  /** A new tab of somebody who is not signed in. */
  openAsStranger(path: string, how?: BrowserContextOptions): Promise<Page>;
  /** The same, once it hears what happens to the listing. */
  openListening(path: string): Promise<Page>;
}

interface Openings {
  /** Of a marketplace that runs already; without it one is started. */
  port: number | undefined;
  say(line: string): void;
  /** Before anything is listed. */
  whileEmpty(stage: Stage): Promise<void>;
  whenFilled(stage: Stage): Promise<void>;
}

export async function playOn({ port, ...openings }: Openings): Promise<void> {
  if (port !== undefined) return playIn(`http://localhost:${port}`, openings);
  const dataDir = mkdtempSync(join(tmpdir(), 'ticketing-screenshots-'));
  try {
    await playInOwn(dataDir, openings);
  } finally {
    rmSync(dataDir, { recursive: true, force: true });
  }
}

async function playIn(url: string, { say, whenFilled }: Omit<Openings, 'port'>): Promise<void> {
  say(`Using the marketplace at ${url}; what needs one of our own is left out.`);
  const town = await openTown(url);
  try {
    // New people each time: those of the last time are still there.
    const stage = await peopled(town, `-${Date.now().toString(36)}`);
    await fill(stage);
    await whenFilled(stage);
  } finally {
    await town.close();
  }
}

/** First with a window of seconds, so that an order runs out, then again, with the data kept and the real window. */
async function playInOwn(dataDir: string, { say, whileEmpty, whenFilled }: Omit<Openings, 'port'>): Promise<void> {
  let stack: Stack | undefined;
  let town: Town | undefined;
  try {
    say('Starting a marketplace ...');
    stack = await startStack({ portBase: firstPort, dataDir, env: { HOLD_WINDOW: '6s' } });
    town = await openTown(stack.url);
    const stage = await peopled(town, '');
    stage.own = { pid: stack.pid, expiredOrderId: undefined };
    await whileEmpty(stage);
    const url = stack.url;
    const expiredOrderId = await orderThatExpires(stage);
    say('Starting it again with the real window ...');
    await stack.stop();
    stack = await startStack({ portBase: Number(new URL(url).port) - 90, dataDir, env: { HOLD_WINDOW: '15m' } });
    if (stack.url !== url)
      throw new Error(`it came back at ${stack.url}, not at ${url}: another program took the port`);
    stage.own = { pid: stack.pid, expiredOrderId };
    await fill(stage);
    await whenFilled(stage);
  } finally {
    await town?.close();
    await stack?.stop();
  }
}

const firstPort = 30_400;

async function peopled(town: Town, suffix: string): Promise<Stage> {
  const [seller, buyer, newcomer] = await Promise.all([
    town.person(`ada.lovelace${suffix}`),
    town.person(`bob.marlowe${suffix}`),
    town.person(`cleo.nakamura${suffix}`),
  ]);
  const open: Stage['open'] = async ({ context }, path) => {
    const page = await context.newPage();
    await page.goto(path);
    await page.getByRole('main').waitFor();
    return page;
  };
  return {
    seller,
    buyer,
    newcomer,
    open,
    own: undefined,
    async list(ticket) {
      const reply = await seller.request<{ id: string }>('POST', '/api/tickets', ticket);
      if (reply.status !== 201) throw new Error(`listing a ticket was answered ${reply.status}`);
      return reply.body.id;
    },
    async order(ticketId, who = buyer) {
      const reply = await who.request<{ id: string }>('POST', '/api/orders', { ticketId });
      if (reply.status !== 201) throw new Error(`ordering was answered ${reply.status} ${JSON.stringify(reply.body)}`);
      return reply.body.id;
    },
    async openAsStranger(path, how) {
      const stranger = await town.stranger(how);
      await stranger.page.close();
      return open(stranger, path);
    },
    async openListening(path) {
      const { page } = await town.stranger();
      const listening = page.waitForResponse((response) => response.url().endsWith('/api/tickets/stream'));
      await Promise.all([page.goto(path), listening]);
      return page;
    },
  };
}

async function orderThatExpires(stage: Stage): Promise<string> {
  const ticketId = await stage.list({
    title: 'Sunday matinee, upper circle',
    price: 3_900,
    venue: 'Old Theatre, Main Hall',
    startsAt: inDays(12, 15),
  });
  const orderId = await stage.order(ticketId);
  await waitFor('the order runs out', async () => {
    const { body } = await stage.buyer.request<{ status: string }>('GET', `/api/orders/${orderId}`);
    return body.status === 'Cancelled';
  });
  return orderId;
}

/** Enough for a second page, of every length that people use. */
async function fill(stage: Stage): Promise<void> {
  const filling = Array.from({ length: 16 }, (_, n): NewTicket => {
    const [title, venue] = acts[n % acts.length] as [string, string];
    return { title: `${title}, row ${n + 3}`, price: 2_500 + n * 1_150, venue, startsAt: inDays(9 + n * 3, 20) };
  });
  for (const ticket of [...filling, ...remarkable]) await stage.list(ticket);
}

/** A quarter to the hour would be rare: events begin at whole hours. */
export function inDays(days: number, hour: number): string {
  const at = new Date(Date.now() + days * 86_400_000);
  at.setUTCHours(hour, 0, 0, 0);
  return at.toISOString();
}

const acts: [string, string][] = [
  ['The Lighthouse Keepers', 'Harbour Arena'],
  ['City against United', 'Riverside Stadium'],
  ['Symphony no. 7', 'Old Theatre, Main Hall'],
  ['Comedy at the Docks', 'Pier 9'],
  ['Nordic Jazz Night', 'The Blue Room'],
];

const remarkable: NewTicket[] = [
  { title: 'Gig', price: 50 },
  {
    title:
      'The Extraordinarily Long Farewell Tour of the Philharmonic Brass and Percussion Ensemble, with special guests',
    price: 99_999_999,
    venue: 'The Grand International Convention and Exhibition Centre, Auditorium Maximum, Entrance North-West',
    startsAt: inDays(120, 18),
  },
  { title: 'Donaudampfschifffahrtselektrizitätenhauptbetriebswerkbauunterbeamtengesellschaft', price: 123_456 },
  { title: 'Midsummer Night’s Dream, stalls', price: 6_400, venue: 'Open Air Stage, Castle Park' },
  { title: 'Finals, both days', price: 31_000, startsAt: inDays(40, 10) },
  { title: 'Violin Recital', price: 4_500, venue: 'St. Mary’s', startsAt: inDays(6, 19) },
  { title: 'Indie Weekender, day ticket', price: 8_900, venue: 'Hillside Farm', startsAt: inDays(31, 12) },
  { title: 'Row fifteen, seat fifteen', price: 1_500, venue: 'Harbour Arena', startsAt: inDays(15, 20) },
  { title: 'Opening Night: The Tempest', price: 7_250, venue: 'Old Theatre, Main Hall', startsAt: inDays(3, 19) },
];
