// People trade in a real browser, over the whole stack: what they see is the truth, and they see it in time.
import type { Page } from 'playwright-core';
import { waitFor } from '../stack/wait-for';
import { type Marketplace, openMarketplace, type Person, password } from './open-marketplace';

const holdSeconds = 30;

describe('In a browser', () => {
  let marketplace: Marketplace;
  let seller: Person;
  let made = 0;

  beforeAll(async () => {
    marketplace = await openMarketplace(28_000, { HOLD_WINDOW: `${holdSeconds}s` });
    seller = await marketplace.person('seller');
  }, 1_500_000);
  afterAll(() => marketplace?.close(), 60_000);

  const person = (name: string) => marketplace.person(`${name}-${++made}`);

  async function listed(title: string, priceCents = 4_500): Promise<string> {
    const reply = await seller.request<{ id: string }>('POST', '/api/tickets', { title, price: priceCents });
    expect(reply.status).toBe(201);
    return reply.body.id;
  }

  test('When two people press Buy at once, then one pays and owns it, and the other is told that it is taken', async () => {
    const ticket = await listed('Front row, Friday');
    const people = await Promise.all([person('ada'), person('bob')]);
    await Promise.all(people.map(({ page }) => page.goto(`/tickets/${ticket}`)));

    await Promise.all(people.map(({ page }) => page.getByRole('button', { name: 'Buy this ticket' }).click()));
    const outcomes = await Promise.all(people.map(({ page }) => outcomeOfBuying(page)));

    expect([...outcomes].sort()).toEqual(['held', 'taken']);
    const buyer = people[outcomes.indexOf('held')] as Person;
    await pay(buyer.page, '4242424242424242');
    await buyer.page.getByRole('heading', { name: 'It is yours' }).waitFor();
    expect(people.flatMap(({ complaints }) => complaints)).toEqual([]);
  }, 90_000);

  test('When a card is declined, then the buyer reads why, and pays with another one', async () => {
    const buyer = await person('declined');
    await startBuying(buyer.page, await listed('Balcony, Saturday'));

    await pay(buyer.page, '4000000000009995');
    await buyer.page.getByRole('alert').filter({ hasText: 'not enough money' }).waitFor();
    await pay(buyer.page, '4242424242424242');

    await buyer.page.getByRole('heading', { name: 'It is yours' }).waitFor();
  }, 90_000);

  test('When the time runs out before the buyer, then the page says so, and the ticket is for sale again', async () => {
    const ticket = await listed('Standing, Sunday');
    const buyer = await person('slow');
    await startBuying(buyer.page, ticket);
    const timer = buyer.page.getByRole('timer');
    expect(await timer.textContent()).toMatch(/^0?0:[0-3]\d$/);

    await buyer.page.getByRole('heading', { name: 'The time to pay ran out' }).waitFor({ timeout: 60_000 });

    await waitFor('the ticket for sale again', async () => {
      const reply = await seller.request<{ orderId: string | null }>('GET', `/api/tickets/${ticket}`);
      return reply.body.orderId === null;
    });
  }, 120_000);

  test('When a ticket is taken while people look at it, then list and page say so without a reload', async () => {
    const ticket = await listed('Box 5, Monday');
    const [looker, buyer] = await Promise.all([marketplace.stranger(), person('quick')]);
    const second = await looker.context.newPage();
    await Promise.all([looker.page.goto('/?q=Box'), second.goto(`/tickets/${ticket}`)]);
    await looker.page.getByRole('link', { name: 'Box 5, Monday' }).waitFor();

    await buyer.request('POST', '/api/orders', { ticketId: ticket });

    await looker.page.getByText('Just taken').waitFor();
    await second.getByText('Somebody is buying this ticket.').waitFor();
  }, 60_000);

  test('When a ticket is listed while people look, then they are told, and shown it when they ask', async () => {
    const looker = await marketplace.stranger();
    const following = looker.page.waitForResponse((response) => response.url().endsWith('/api/tickets/stream'));
    await looker.page.goto('/?q=Novelty');
    await following;

    await listed('Novelty act');

    await looker.page.getByRole('button', { name: 'Show 1 new ticket' }).click();
    await looker.page.getByRole('link', { name: 'Novelty act' }).waitFor();
  }, 60_000);

  test('When somebody buys before signing in, then they come back to the purchase', async () => {
    const ticket = await listed('Gallery, Tuesday');
    const account = await person('returning');
    const stranger = await marketplace.stranger();
    await stranger.page.goto(`/tickets/${ticket}`);

    await stranger.page.getByRole('button', { name: 'Buy this ticket' }).click();
    await stranger.page.getByLabel('E-mail address').fill(account.email);
    await stranger.page.getByLabel('Password').fill(password);
    await stranger.page.getByRole('button', { name: 'Sign in' }).click();

    await stranger.page.waitForURL('**/orders/*');
    await stranger.page.getByRole('timer').waitFor();
  }, 60_000);

  test('When a ticket is held, then its seller reads why it cannot be edited', async () => {
    const ticket = await listed('Stalls, Wednesday');
    const buyer = await person('holder');
    await seller.page.goto(`/listings/${ticket}`);
    await seller.page.getByLabel('Title').fill('Stalls, Thursday');
    await buyer.request('POST', '/api/orders', { ticketId: ticket });

    await seller.page.getByRole('button', { name: 'Save changes' }).click();

    await seller.page
      .getByRole('alert')
      .filter({ hasText: /buying|held/ })
      .waitFor();
    expect(await seller.page.getByLabel('Title').inputValue()).toBe('Stalls, Thursday');
  }, 60_000);

  test('When somebody signs out in another tab, then this one knows', async () => {
    const visitor = await person('two-tabs');
    const other = await visitor.context.newPage();
    await Promise.all([visitor.page.goto('/'), other.goto('/account')]);

    await other.getByRole('main').getByRole('button', { name: 'Sign out' }).click();

    await visitor.page.getByRole('link', { name: 'Sign in' }).first().waitFor();
  }, 60_000);

  test('When there is no JavaScript, then tickets can be searched and read', async () => {
    const ticket = await listed('Plain pages');
    const { page } = await marketplace.stranger({ javaScriptEnabled: false });
    await page.goto('/');

    await page.getByRole('searchbox').fill('Plain');
    await page.getByRole('searchbox').press('Enter');
    await page.getByRole('link', { name: 'Plain pages' }).click();

    expect(page.url()).toContain(`/tickets/${ticket}`);
    // Read from the document: the driver switches scripts off for the page, but not for what its parser shows.
    expect(await page.content()).toContain('Buying needs JavaScript');
  }, 60_000);

  test('When something is missing, then the answer is 404, and a page to go on from', async () => {
    const { page } = await marketplace.stranger();

    for (const path of ['/nowhere', '/tickets/nothing', '/tickets/00000000-0000-4000-8000-000000000000']) {
      const answer = await page.goto(path);
      expect([path, answer?.status()]).toEqual([path, 404]);
      await page.getByRole('main').getByRole('link').first().waitFor();
    }
  }, 60_000);
});

async function outcomeOfBuying(page: Page): Promise<'held' | 'taken'> {
  const taken = page.getByText('Somebody is buying this ticket.');
  return Promise.race([
    page.waitForURL('**/orders/*').then(() => 'held' as const),
    taken.waitFor().then(() => 'taken' as const),
  ]);
}

async function startBuying(page: Page, ticketId: string): Promise<void> {
  await page.goto(`/tickets/${ticketId}`);
  await page.getByRole('button', { name: 'Buy this ticket' }).click();
  await page.waitForURL('**/orders/*');
}

/** Types a test card into Stripe's fields, which live in a frame of another origin, and presses Pay. */
async function pay(page: Page, number: string): Promise<void> {
  const fields = page.frameLocator('iframe[title^="Card fields"]');
  await fields.getByLabel('Card number', { exact: true }).fill(number);
  await fields.getByLabel('Expiration date', { exact: true }).fill('12 / 34');
  await fields.getByLabel('Security code', { exact: true }).fill('123');
  await page.getByRole('button', { name: /^Pay / }).click();
}
