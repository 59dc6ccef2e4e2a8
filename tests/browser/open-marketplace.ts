// The whole marketplace and a real browser for it. A person is a browser context of its own: own cookies, own tabs.
import { type Browser, type BrowserContext, type BrowserContextOptions, chromium, type Page } from 'playwright-core';
import { findBrowser } from '../setup/find-browser';
import { type Stack, startStack } from '../stack/start-stack';
import { password, type Visitor, visitorsOf } from '../stack/visitor';

export interface Person extends Visitor {
  context: BrowserContext;
  page: Page;
  /** What their browser complained about: errors thrown, loads that the content security policy refused. */
  complaints: string[];
}

export interface Marketplace {
  stack: Stack;
  /** Somebody with an account, signed in, on an empty page. */
  person(name: string, how?: BrowserContextOptions): Promise<Person>;
  /** Somebody without an account. */
  stranger(how?: BrowserContextOptions): Promise<Pick<Person, 'context' | 'page' | 'complaints'>>;
  close(): Promise<void>;
}

export { password };

export async function openMarketplace(portBase: number, env: Record<string, string>): Promise<Marketplace> {
  const stack = await startStack({ portBase, env });
  const town = await openTown(stack.url).catch(async (error: unknown) => {
    await stack.stop();
    throw error;
  });
  return {
    ...town,
    stack,
    async close() {
      await town.close();
      await stack.stop();
    },
  };
}

export type Town = Omit<Marketplace, 'stack'>;

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
      const [cookie, value] = visitor.cookie.split('=') as [string, string];
      await seat.context.addCookies([{ name: cookie, value, url }]);
      return Object.assign(visitor, seat);
    },
    async close() {
      await browser.close();
      await visitors.close();
    },
  };
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

async function openContext(browser: Browser, url: string, how?: BrowserContextOptions) {
  const context = await browser.newContext({ baseURL: url, ...how });
  context.setDefaultTimeout(15_000);
  const complaints: string[] = [];
  const page = await context.newPage();
  page.on('pageerror', (error) => complaints.push(String(error)));
  page.on('console', (message) => {
    if (message.type() === 'error' && /Content Security Policy|Hydration|hydrat/.test(message.text()))
      complaints.push(message.text());
  });
  return { context, page, complaints };
}
