// Every page in every state, at phone and desktop width, light and dark: no violation that axe finds, and nothing wider
// than the screen. Pages of services that are down are looked at in outages.test.ts.
import type { Page } from 'playwright-core';
import { faultsOf, overflowOf } from './axe';
import { type Marketplace, openMarketplace, type Person } from './open-marketplace';
import { bought, cards, hold, listingFollowed, pay, payButton } from './steps';

jest.setTimeout(300_000);

const allLooks = [390, 1280].flatMap((width) => (['light', 'dark'] as const).map((scheme) => ({ width, scheme })));
/** Each width and each scheme once; LOOKS=all asks for all four. */
const looks = process.env.LOOKS === 'all' ? allLooks : [allLooks[0], allLooks[3]].filter((look) => look !== undefined);
const startsAt = new Date(Date.now() + 30 * 86_400_000).toISOString();

/** People write such titles and venues; nothing may grow as wide as they are. */
const oneWord = 'Abendvorstellung'.repeat(12);

describe('Everybody can use', () => {
  let marketplace: Marketplace;
  let seller: Person;
  let buyer: Person;
  let ticket: string;

  beforeAll(async () => {
    marketplace = await openMarketplace();
    const how = { bypassCSP: true, reducedMotion: 'reduce' } as const;
    [seller, buyer] = await Promise.all([
      marketplace.person('seller', how),
      marketplace.person(`buyer.${'of.many.tickets'.repeat(3)}`, how),
    ]);
    ticket = await listed('Matinee, stalls, row 15');
  });
  afterAll(async () => {
    await marketplace?.everybodyLeaves();
    await marketplace?.close();
  });

  async function listed(title: string): Promise<string> {
    const body = { title, price: 12_500, venue: title === oneWord ? title : 'Old Theatre, Main Hall', startsAt };
    const reply = await seller.request<{ id: string }>('POST', '/api/tickets', body);
    expect(reply.status).toBe(201);
    return reply.body.id;
  }

  /** The page as it is now, in all looks. */
  async function expectGood(page: Page): Promise<void> {
    const faults: string[] = [];
    for (const { width, scheme } of looks) {
      await page.setViewportSize({ width, height: 900 });
      await page.emulateMedia({ colorScheme: scheme, reducedMotion: 'reduce' });
      const found = await faultsOf(page);
      const overflow = await overflowOf(page);
      if (overflow > 0) found.push(`${overflow} pixels wider than the screen`);
      faults.push(...found.map((fault) => `${page.url()} at ${width}, ${scheme}: ${fault}`));
    }
    expect(faults).toEqual([]);
  }

  async function open(page: Page, path: string): Promise<Page> {
    await page.goto(path);
    await page.getByRole('main').waitFor();
    return page;
  }

  test.each<[string, string]>([
    ['the listing', '/'],
    ['a search that finds nothing', '/?q=nothing+like+this'],
    ['a search with amounts that are none', '/?min=much&max=-1'],
    ['no orders yet', '/orders'],
    ['no listings yet', '/listings'],
    ['the form to sell', '/sell'],
    ['the account', '/account'],
    ['signing out', '/signout'],
    ['the door', '/door'],
    ['what is missing', '/nowhere'],
  ])('%s', async (_what, path) => {
    await expectGood(await open(buyer.page, path));
  });

  test.each<[string, string]>([
    ['signing in', '/signin'],
    ['signing up', '/signup'],
  ])('%s, and its problems', async (_what, path) => {
    const { page } = await marketplace.stranger({ bypassCSP: true });
    await expectGood(await open(page, path));
    await page.getByLabel('E-mail address').fill('nobody');
    await page.getByRole('main').getByRole('button').first().click();
    await page.locator('[aria-invalid=true]').first().waitFor();
    await expectGood(page);
  });

  test('a ticket that is for sale, and one’s own', async () => {
    await expectGood(await open(buyer.page, `/tickets/${ticket}`));
    await expectGood(await open(seller.page, `/tickets/${ticket}`));
    await expectGood(await open(seller.page, `/listings/${ticket}`));
  });

  test('the problems of a form', async () => {
    const { page } = seller;
    await open(page, '/sell');
    await page.getByLabel('Price').fill('free');
    await page.getByRole('button', { name: 'List this ticket' }).click();
    await page.locator('[aria-invalid=true]').first().waitFor();
    await expectGood(page);
  });

  test('a purchase: held, declined, cut off, its dialog, paid; and what the seller sees of it', async () => {
    const bestSeat = await listed(oneWord);
    const order = await hold(buyer, bestSeat);
    const { page } = buyer;
    await open(page, `/orders/${order}`);
    await payButton(page).waitFor();
    await expectGood(page);
    await pay(page, cards.declined);
    await page.getByRole('alert').filter({ hasText: 'The card was declined.' }).waitFor();
    await expectGood(page);
    const toStripe = '**/payment_intents/**';
    await page.route(toStripe, (route) => route.abort());
    await pay(page, cards.approved);
    await page.getByText('As far as we know, nothing was charged.').waitFor();
    await expectGood(page);
    await page.unroute(toStripe);
    await page.getByText('The connection is back').waitFor();
    await expectGood(page);
    await page.getByRole('button', { name: 'Cancel this order' }).click();
    await expectGood(page);
    await page.getByRole('button', { name: 'Keep it' }).click();
    await expectGood(await open(seller.page, '/listings'));
    await expectGood(await open(seller.page, `/listings/${bestSeat}`));

    await pay(page, cards.approved);
    await bought(page).waitFor();
    await expectGood(page);
    await expectGood(await open(page, `/tickets/${bestSeat}`));
    await expectGood(await open(page, '/orders'));
    await expectGood(await open(seller.page, '/listings'));
    const { page: stranger } = await marketplace.stranger({ bypassCSP: true });
    await expectGood(await open(stranger, `/tickets/${bestSeat}`));
  });

  test('a ticket that is taken while one looks, in the list and on its page; and an order that was cancelled', async () => {
    const seat = await listed(`Taken in front of you ${Date.now()}`);
    const { page: stranger, context } = await marketplace.stranger({ bypassCSP: true });
    const detail = await context.newPage();
    const followed = listingFollowed(context);
    await open(stranger, '/?q=Taken+in+front');
    await followed;
    await open(detail, `/tickets/${seat}`);
    const order = await hold(buyer, seat);
    await stranger.getByText('Just taken').first().waitFor();
    await detail.getByText('Somebody is buying this ticket.').waitFor();
    await expectGood(stranger);
    await expectGood(detail);

    expect((await buyer.request('DELETE', `/api/orders/${order}`)).status).toBe(204);
    await open(buyer.page, `/orders/${order}`);
    await buyer.page.getByRole('heading', { name: 'This order was cancelled' }).waitFor();
    await expectGood(buyer.page);
    await expectGood(await open(buyer.page, '/orders'));
  });

  test('what the door says of a code that is none', async () => {
    const { page } = seller;
    await open(page, '/door');
    await page.getByLabel('Code of the e-ticket').fill('NOT A CODE');
    await page.getByRole('button', { name: 'Check and let in' }).click();
    await page.getByRole('button', { name: 'Next guest' }).waitFor();
    await expectGood(page);
  });

  test('the dialog that deletes a listing, and a device without a connection', async () => {
    await listed('To be deleted');
    const { page, context } = seller;
    await open(page, '/listings');
    await page
      .getByRole('button', { name: /^Delete / })
      .first()
      .click();
    await expectGood(page);
    await page.getByRole('button', { name: 'Keep it' }).first().click();
    await context.setOffline(true);
    await page.getByText('You are offline.').waitFor();
    await expectGood(page);
    await context.setOffline(false);
  });

  test('the menu of a narrow screen', async () => {
    const { page } = await marketplace.stranger({ bypassCSP: true, viewport: { width: 390, height: 844 } });
    await open(page, '/');
    await page.getByText('Menu', { exact: true }).click();
    expect(await faultsOf(page)).toEqual([]);
  });
});
