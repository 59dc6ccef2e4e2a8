// What people do in the shop, over and over.
import type { BrowserContext, Locator, Page, Response, Route } from 'playwright-core';
import type { TestMarketplace } from '../setup/start-test-marketplace';
import type { Visitor } from '../stack/visitor';

export const cards = {
  approved: '4242424242424242',
  declined: '4000000000000002',
  poor: '4000000000009995',
  /** The bank asks its owner. */
  asks: '4000002760003184',
};

/** @returns the ticket's id */
export async function list(seller: Visitor, title: string, priceCents = 4_500): Promise<string> {
  const reply = await seller.request<{ id: string }>('POST', '/api/tickets', { title, price: priceCents });
  expect(reply.status).toBe(201);
  return reply.body.id;
}

/** Holds a ticket without looking at it. @returns the order's id */
export async function hold(buyer: Visitor, ticketId: string): Promise<string> {
  const reply = await buyer.request<{ id: string }>('POST', '/api/orders', { ticketId });
  expect(reply.status).toBe(201);
  return reply.body.id;
}

export const buyButton = (page: Page): Locator => page.getByRole('button', { name: 'Buy this ticket' });
export const payButton = (page: Page): Locator => page.getByRole('button', { name: /^Pay \$/ });
export const bought = (page: Page): Locator => page.getByRole('heading', { name: 'It is yours' });

/** @returns the order's id */
export async function startBuying(page: Page, ticketId: string): Promise<string> {
  await page.goto(`/tickets/${ticketId}`);
  await buyButton(page).click();
  return orderOn(page);
}

/** Presses Buy on each page, and lets none of them be answered before all have asked. */
export async function buyTogether(pages: readonly Page[]): Promise<void> {
  const allAsked = signal();
  let asked = 0;
  const wait = async (route: Route) => {
    asked += 1;
    if (asked === pages.length) allAsked.give();
    await allAsked.given;
    await route.continue();
  };
  await Promise.all(pages.map((page) => page.route('**/api/orders', wait)));
  await Promise.all(pages.map((page) => buyButton(page).click()));
}

/** The order that the page comes to show. */
export async function orderOn(page: Page): Promise<string> {
  await page.waitForURL('**/orders/*');
  return new URL(page.url()).pathname.split('/').pop() as string;
}

/** Stripe's fields live in a frame of another origin. */
export const cardField = (page: Page, label: string): Locator =>
  page.frameLocator('iframe[title^="Card fields"]').getByLabel(label, { exact: true });

export async function typeCard(page: Page, number: string): Promise<void> {
  await cardField(page, 'Card number').fill(number);
  await cardField(page, 'Expiration date').fill('12 / 34');
  await cardField(page, 'Security code').fill('123');
}

export async function pay(page: Page, number: string): Promise<void> {
  await typeCard(page, number);
  await payButton(page).click();
}

interface Intent {
  metadata: { orderId?: string };
  amount_received: number;
}

/** What Stripe took for an order, in cents, one entry for each time it took something. */
export async function takenFor({ ports }: TestMarketplace, orderId: string): Promise<number[]> {
  const reply = await fetch(`http://127.0.0.1:${ports.backing.stripe}/_admin/state`);
  const { payment_intents: intents } = (await reply.json()) as { payment_intents: Intent[] };
  return intents
    .filter(({ metadata, amount_received: cents }) => metadata.orderId === orderId && cents > 0)
    .map(({ amount_received: cents }) => cents);
}

/** A promise and what fulfils it. */
export function signal(): { given: Promise<void>; give(): void } {
  let give = () => {};
  const given = new Promise<void>((resolve) => {
    give = resolve;
  });
  return { given, give };
}

/** React has taken the element over: pressed earlier, a form goes the way that it goes without scripts. */
export async function alive(element: Locator): Promise<void> {
  const handle = await element.elementHandle();
  await element
    .page()
    .waitForFunction((node) => Object.keys(node ?? {}).some((key) => key.startsWith('__reactProps')), handle);
}

/**
 * The first page of this browser hears of changes from now on. What happened before, it finds out by looking again, and then
 * does not know why a ticket is gone.
 */
export const listingFollowed = (context: BrowserContext): Promise<Response> =>
  context.waitForEvent('response', (response) => response.url().endsWith('/api/tickets/stream'));
