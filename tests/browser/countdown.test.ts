// The time left to pay is the server's, whatever the device believes, and at its end the page says so.
import type { Page } from 'playwright-core';
import { holdMs } from '../setup/start-test-marketplace';
import type { Visitor } from '../stack/visitor';
import { waitFor } from '../stack/wait-for';
import { cookieOf, type Marketplace, openMarketplace, type Person } from './open-marketplace';
import { hold, list } from './steps';

const minuteMs = 60_000;
jest.setTimeout(holdMs + 2 * minuteMs);

/** Seconds are shown whole, and pages are looked at one after the other on a busy machine. */
const toleranceMs = 3_500;

describe('The countdown', () => {
  let marketplace: Marketplace;
  let seller: Visitor;
  let buyer: Person;
  let ticket: string;
  let order: string;
  let endsAtMs: number;

  // One hold for all: they look at it until it ends.
  beforeAll(async () => {
    marketplace = await openMarketplace();
    seller = await marketplace.visitor('seller');
    buyer = await marketplace.person('in-no-hurry');
    ticket = await list(seller, 'Standing, Sunday');
    order = await hold(buyer, ticket);
    const reply = await buyer.request<{ expiresAt: string }>('GET', `/api/orders/${order}`);
    endsAtMs = Date.parse(reply.body.expiresAt);
  });
  afterAll(async () => {
    await marketplace?.everybodyLeaves();
    await marketplace?.close();
  });

  /** The order on another device of the buyer's, whose clock is off by so much. */
  async function onDevice(clockOffMs: number): Promise<Page> {
    const { context, page } = await marketplace.stranger();
    await context.addCookies([{ ...cookieOf(buyer), url: marketplace.stack.url }]);
    await page.clock.install({ time: Date.now() + clockOffMs });
    await page.goto(`/orders/${order}`);
    await page.getByRole('timer').waitFor();
    return page;
  }

  /** How far what the page shows is from the truth; this machine's clock is the server's. */
  async function offBy(page: Page): Promise<number> {
    const text = await page.getByRole('timer').textContent();
    const [minutes = Number.NaN, seconds = Number.NaN] = (text ?? '').split(':').map(Number);
    return Math.abs((minutes * 60 + seconds) * 1_000 - (endsAtMs - Date.now()));
  }

  test.each([
    ['right', 0],
    ['10 minutes fast', 10 * minuteMs],
    ['10 minutes slow', -10 * minuteMs],
  ])('When the clock of the device is %s, then the time left is right', async (_what, clockOffMs) => {
    const page = await onDevice(clockOffMs);

    const deviceMs = await page.evaluate(() => Date.now());
    expect(Math.abs(deviceMs - Date.now() - clockOffMs)).toBeLessThan(toleranceMs);
    expect(await offBy(page)).toBeLessThan(toleranceMs);
    await page.close();
  });

  test('When the clock of the device is changed while the page is open, then the time left stays right', async () => {
    const page = await onDevice(0);

    await page.clock.setSystemTime(Date.now() + 10 * minuteMs);

    await waitFor('the change to be noticed', async () => (await page.evaluate(() => Date.now())) > endsAtMs);
    const looked = page.waitForResponse((response) => response.url().endsWith(`/api/orders/${order}`));
    await looked;
    expect(await offBy(page)).toBeLessThan(toleranceMs);
    await page.close();
  });

  test('When the laptop sleeps for a while, then the time left is right after it has woken up', async () => {
    const page = await onDevice(0);
    const sleepMs = 8_000;
    const fellAsleepAtMs = Date.now();
    await fallAsleep(page);
    await waitFor('time to go by', async () => Date.now() - fellAsleepAtMs > sleepMs);
    expect(await offBy(page)).toBeGreaterThan(toleranceMs);

    await wakeUp(page);

    await waitFor('the right time', async () => (await offBy(page)) < toleranceMs);
    await page.close();
  });

  test('When the time runs out, then pages that watched and pages that slept say so, and the ticket is for sale', async () => {
    const [watching, sleeping] = [await onDevice(0), await onDevice(0)];
    await fallAsleep(sleeping);
    const ran = (page: Page) => page.getByRole('heading', { name: 'The time to pay ran out' });

    await ran(watching).waitFor({ timeout: holdMs + minuteMs });
    await watching.getByText('You were not charged.').waitFor();
    expect(await watching.getByRole('button', { name: /^Pay|Cancel/ }).count()).toBe(0);
    expect(await ran(sleeping).count()).toBe(0);
    await wakeUp(sleeping);
    await ran(sleeping).waitFor();

    await watching.getByRole('link', { name: 'See whether it is still for sale' }).click();
    await watching.getByRole('button', { name: 'Buy this ticket' }).waitFor();
  });
});

/** Nothing goes on in the page. Its clock cannot be stopped in its past, and a busy machine is slow to ask it. */
const fallAsleep = (page: Page) => page.clock.pauseAt(Date.now() + 10_000);

/** The device's clock has gone on meanwhile; the page's own stood still. */
async function wakeUp(page: Page): Promise<void> {
  await page.clock.setSystemTime(Date.now());
  await page.clock.resume();
}
