/// <reference lib="dom" />
// Every page at phone and desktop width, light and dark: no violation that axe finds, and nothing wider than the screen.
import { readFileSync } from 'node:fs';
import type { Page } from 'playwright-core';
import { type Marketplace, openMarketplace, type Person } from './open-marketplace';

const axe = readFileSync(require.resolve('axe-core/axe.min.js'), 'utf8');
const looks = [390, 1280].flatMap((width) => (['light', 'dark'] as const).map((scheme) => ({ width, scheme })));

describe('Every page', () => {
  let marketplace: Marketplace;
  let seller: Person;
  let buyer: Person;
  let ticketId: string;
  let orderId: string;

  beforeAll(async () => {
    marketplace = await openMarketplace(29_000, { HOLD_WINDOW: '15m' });
    // axe is brought into the page by the driver, which the page's own policy would refuse.
    const how = { bypassCSP: true };
    [seller, buyer] = await Promise.all([marketplace.person('seller', how), marketplace.person('buyer', how)]);
    ticketId = await listed('Matinee, stalls, row 15');
    const held = await listed('Evening, balcony, row 3');
    const order = await buyer.request<{ id: string }>('POST', '/api/orders', { ticketId: held });
    expect(order.status).toBe(201);
    orderId = order.body.id;
  }, 1_500_000);
  afterAll(() => marketplace?.close(), 60_000);

  async function listed(title: string): Promise<string> {
    const startsAt = new Date(Date.now() + 30 * 86_400_000).toISOString();
    const reply = await seller.request<{ id: string }>('POST', '/api/tickets', {
      title,
      price: 12_500,
      venue: 'Old Theatre, Main Hall',
      startsAt,
    });
    expect(reply.status).toBe(201);
    return reply.body.id;
  }

  test.each(looks)(
    'When it is $width wide and $scheme, then everybody can use it',
    async ({ width, scheme }) => {
      const pages: [Person, string][] = [
        [buyer, '/'],
        [buyer, '/?q=nothing+like+this'],
        [buyer, `/tickets/${ticketId}`],
        [buyer, `/orders/${orderId}`],
        [buyer, '/orders'],
        [buyer, '/account'],
        [seller, '/sell'],
        [seller, '/listings'],
        [seller, `/listings/${ticketId}`],
        [buyer, '/signin'],
        [buyer, '/signup'],
        [buyer, '/nowhere'],
      ];
      const faults: string[] = [];
      for (const [person, path] of pages) {
        await person.page.setViewportSize({ width, height: 900 });
        await person.page.emulateMedia({ colorScheme: scheme, reducedMotion: 'reduce' });
        await person.page.goto(path);
        await person.page.getByRole('main').waitFor();
        faults.push(...(await faultsOf(person.page)).map((fault) => `${path}: ${fault}`));
        const overflow = await person.page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
        if (overflow > 0) faults.push(`${path}: ${overflow} pixels wider than the screen`);
      }
      expect(faults).toEqual([]);
      expect([...buyer.complaints, ...seller.complaints]).toEqual([]);
    },
    180_000,
  );
});

/** Names of the rules broken, each with the first element that breaks it. Frames of Stripe's are Stripe's. */
async function faultsOf(page: Page): Promise<string[]> {
  await page.evaluate(axe);
  return page.evaluate(async () => {
    const { axe } = globalThis as unknown as { axe: { run: (what: object, how: object) => Promise<AxeResults> } };
    const { violations } = await axe.run({ exclude: ['iframe'] }, { iframes: false });
    return violations.map(({ id, nodes }) => `${id} (${nodes[0]?.html.slice(0, 120)})`);
  });
}

interface AxeResults {
  violations: { id: string; nodes: { html: string }[] }[];
}
