// The whole marketplace and a real browser for it. A person is a browser context of its own: own cookies, own tabs.
import { randomUUID } from 'node:crypto';
import { type Browser, type BrowserContext, type BrowserContextOptions, chromium, type Page } from 'playwright-core';
import { findBrowser } from '../setup/find-browser';
import { type TestMarketplace, testMarketplace } from '../setup/start-test-marketplace';
import { password, type Visitor, visitorsOf } from '../stack/visitor';

export interface Seat {
  context: BrowserContext;
  page: Page;
  /** What their browser complained about: errors thrown, loads that the content security policy refused. */
  complaints: string[];
}

export interface Person extends Visitor, Seat {}

export interface Town {
  /** Somebody with an account, signed in, on an empty page. */
  person(name: string, how?: BrowserContextOptions): Promise<Person>;
  /** Somebody without an account. */
  stranger(how?: BrowserContextOptions): Promise<Seat>;
  close(): Promise<void>;
}

export interface Marketplace extends Town {
  stack: TestMarketplace;
  /** Somebody with an account and no browser: the other side of the trade. */
  visitor(name: string): Promise<Visitor>;
  /** Closes everybody's tabs. @throws with what their browsers complained about */
  everybodyLeaves(): Promise<void>;
}

export { password };

export interface Shop {
  marketplace: Marketplace;
  /** Lists what the stories need; has no browser. */
  seller: Visitor;
}

/** For all tests of a file: opened before the first, left by everybody after each. */
export function sharedShop(): Readonly<Shop> {
  const shop = {} as Shop;
  beforeAll(async () => {
    shop.marketplace = await openMarketplace();
    shop.seller = await shop.marketplace.visitor('seller');
  });
  afterEach(() => shop.marketplace.everybodyLeaves());
  afterAll(() => shop.marketplace?.close());
  return shop;
}

/** @param stack default: the one that the browser tests of a run share, where names are made unlike those of others */
export async function openMarketplace(stack = testMarketplace()): Promise<Marketplace> {
  const town = await openTown(stack.url);
  const visitors = visitorsOf(stack.url);
  const seats: Seat[] = [];
  const remembered = <One extends Seat>(seat: One): One => {
    seats.push(seat);
    return seat;
  };
  return {
    stack,
    visitor: (name) => visitors.signUp(`${unlike(name)}@example.com`),
    person: async (name, how) => remembered(await town.person(unlike(name), how)),
    stranger: async (how) => remembered(await town.stranger(how)),
    async everybodyLeaves() {
      const left = seats.splice(0);
      await Promise.all(left.map(({ context }) => context.close()));
      expect(left.flatMap(({ complaints }) => complaints)).toEqual([]);
    },
    async close() {
      await town.close();
      await visitors.close();
    },
  };
}

const unlike = (name: string): string => `${name}-${randomUUID().slice(0, 8)}`;

/** People and their browser, for a marketplace that runs already. */
export async function openTown(url: string): Promise<Town> {
  const browser = await launch();
  const visitors = visitorsOf(url);
  const stranger: Town['stranger'] = (how) => openContext(browser, url, how);
  return {
    stranger,
    async person(name, how) {
      const visitor = await visitors.signUp(`${name}@example.com`);
      const seat = await stranger(how);
      await seat.context.addCookies([{ ...cookieOf(visitor), url }]);
      return Object.assign(visitor, seat);
    },
    async close() {
      await browser.close();
      await visitors.close();
    },
  };
}

/** A visitor's session, to put into a browser. */
export function cookieOf({ cookie }: Visitor): { name: string; value: string } {
  const [name, value] = cookie.split('=') as [string, string];
  return { name, value };
}

const launch = async (): Promise<Browser> =>
  chromium.launch({
    executablePath: await findBrowser(),
    args: [
      '--headless',
      '--no-sandbox',
      '--disable-gpu',
      '--no-first-run',
      '--disable-background-networking',
      '--disable-component-update',
      '--disable-sync',
    ],
  });

/** For everything that a person waits for; a busy machine is slow, and no story is told by how fast it was. */
const patienceMs = 30_000;

async function openContext(browser: Browser, url: string, how?: BrowserContextOptions): Promise<Seat> {
  const context = await browser.newContext({ baseURL: url, ...how });
  context.setDefaultTimeout(patienceMs);
  const complaints: string[] = [];
  context.on('page', (page) => {
    page.on('pageerror', (error) => complaints.push(String(error)));
    page.on('console', (message) => {
      if (message.type() === 'error' && /Content Security Policy|Hydration|hydrat/.test(message.text()))
        complaints.push(message.text());
    });
  });
  return { context, page: await context.newPage(), complaints };
}
