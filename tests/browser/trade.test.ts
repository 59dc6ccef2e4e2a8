// People trade in a real browser, over the whole stack: what they see is the truth, and they see it in time.
import type { Page } from 'playwright-core';
import { holdMs } from '../setup/start-test-marketplace';
import type { Visitor } from '../stack/visitor';
import { waitFor } from '../stack/wait-for';
import { type Person, password, sharedShop } from './open-marketplace';
import {
  bought,
  buyButton,
  buyTogether,
  cards,
  hold,
  list,
  listingFollowed,
  orderOn,
  pay,
  startBuying,
  takenFor,
} from './steps';

jest.setTimeout(120_000);

describe('In a browser', () => {
  const shop = sharedShop();

  test('When two people press Buy at once, then one pays and owns it, and the other is told that it is taken', async () => {
    const ticket = await list(shop.seller, 'Front row, Friday');
    const people = await Promise.all([shop.marketplace.person('ada'), shop.marketplace.person('bob')]);
    await Promise.all(people.map(({ page }) => page.goto(`/tickets/${ticket}`)));

    await buyTogether(people.map(({ page }) => page));
    const outcomes = await Promise.all(people.map(({ page }) => outcomeOfBuying(page)));

    expect([...outcomes].sort()).toEqual(['held', 'taken']);
    const buyer = people[outcomes.indexOf('held')] as Person;
    const order = await orderOn(buyer.page);
    await pay(buyer.page, cards.approved);
    await bought(buyer.page).waitFor();
    expect(await takenFor(shop.marketplace.stack, order)).toEqual([4_500]);
  });

  test('When a card is declined, then the buyer reads why, and pays with another one', async () => {
    const buyer = await shop.marketplace.person('declined');
    await startBuying(buyer.page, await list(shop.seller, 'Balcony, Saturday'));

    await pay(buyer.page, cards.poor);
    await buyer.page.getByRole('alert').filter({ hasText: 'not enough money' }).waitFor();
    await buyer.page.getByText('You have 2 attempts left.').waitFor();
    await pay(buyer.page, cards.approved);

    await bought(buyer.page).waitFor();
  });

  test('When cards are declined three times, then the order ends, nothing is charged, and the ticket is for sale', async () => {
    const ticket = await list(shop.seller, 'Side seat, Saturday');
    const buyer = await shop.marketplace.person('unlucky');
    const order = await startBuying(buyer.page, ticket);
    const refused = buyer.page.getByRole('alert').filter({ hasText: 'The card was declined.' });

    for (const left of ['2 attempts', 'one attempt']) {
      await pay(buyer.page, cards.declined);
      await refused.filter({ hasText: `You have ${left} left.` }).waitFor();
    }
    await pay(buyer.page, cards.declined);

    await buyer.page.getByRole('heading', { name: 'This order was cancelled' }).waitFor();
    await buyer.page.getByText('The card was declined too often').waitFor();
    await buyer.page.getByText('You were not charged.').waitFor();
    expect(await takenFor(shop.marketplace.stack, order)).toEqual([]);
    await forSale(shop.seller, ticket);
  });

  test('When the bank asks, then the buyer answers in its dialog: no is no payment, yes is one', async () => {
    const buyer = await shop.marketplace.person('asked');
    const order = await startBuying(buyer.page, await list(shop.seller, 'Stalls, Monday'));
    const bank = buyer.page.frameLocator('iframe[title^="Authentication"]');

    await pay(buyer.page, cards.asks);
    await bank.getByRole('button', { name: 'Fail the authentication' }).click();
    await buyer.page.getByRole('alert').filter({ hasText: 'Your bank could not confirm that it was you' }).waitFor();
    expect(await takenFor(shop.marketplace.stack, order)).toEqual([]);
    await pay(buyer.page, cards.asks);
    await bank.getByRole('button', { name: 'Approve the payment' }).click();

    await bought(buyer.page).waitFor();
    expect(await takenFor(shop.marketplace.stack, order)).toEqual([4_500]);
  });

  test('When the screen is a phone, then everything from signing up to the ticket in "My orders" can be done', async () => {
    const ticket = await list(shop.seller, 'Row with a very long name, upper circle, restricted view, 🎻 and Ångström');
    const { page } = await shop.marketplace.stranger({
      viewport: { width: 390, height: 844 },
      isMobile: true,
      hasTouch: true,
      deviceScaleFactor: 3,
    });
    const fits = async () =>
      expect([
        page.url(),
        await page.evaluate(() => document.documentElement.scrollWidth <= window.innerWidth),
      ]).toEqual([page.url(), true]);
    await page.goto('/');
    await fits();
    await page.getByText('Menu', { exact: true }).tap();
    await page.getByRole('link', { name: 'Sign up' }).tap();
    await page.getByLabel('E-mail address').fill(`phone-${ticket}@example.com`);
    await page.getByLabel('Password').fill(password);
    await fits();
    await page.getByRole('button', { name: 'Create account' }).tap();

    await page.getByRole('searchbox').fill('restricted Angstrom');
    await page.getByRole('button', { name: 'Search' }).tap();
    await page.getByRole('link', { name: /very long name/ }).tap();
    await page.waitForURL('**/tickets/*');
    await fits();
    await buyButton(page).tap();
    await orderOn(page);
    await pay(page, cards.approved);
    await bought(page).waitFor();
    await fits();

    await page.getByRole('link', { name: 'See my orders' }).tap();
    await page.getByRole('link', { name: /^Row with a very long name/ }).waitFor();
    await page.getByText('Paid', { exact: true }).waitFor();
    const file = await page.request.get((await eTicket(page).getAttribute('href')) ?? '');
    expect([file.status(), file.headers()['content-type'], (await file.body()).subarray(0, 5).toString()]).toEqual([
      200,
      'application/pdf',
      '%PDF-',
    ]);
    await fits();
  });

  test('When a ticket is taken while people look at it, then list and page say so without a reload', async () => {
    const ticket = await list(shop.seller, 'Box 5, Monday');
    const [looker, buyer] = await Promise.all([shop.marketplace.stranger(), shop.marketplace.visitor('quick')]);
    const second = await looker.context.newPage();
    const followed = listingFollowed(looker.context);
    await looker.page.goto('/?q=Box');
    await followed;
    await second.goto(`/tickets/${ticket}`);
    await looker.page.getByRole('link', { name: 'Box 5, Monday' }).first().waitFor();

    await hold(buyer, ticket);

    await looker.page.getByText('Just taken').waitFor();
    await second.getByText('Somebody is buying this ticket.').waitFor();
  });

  test('When a ticket is listed while people look, then they are told, and shown it when they ask', async () => {
    const looker = await shop.marketplace.stranger();
    const following = looker.page.waitForResponse((response) => response.url().endsWith('/api/tickets/stream'));
    await looker.page.goto(`/?q=Novelty+${holdMs}`);
    await following;

    await list(shop.seller, `Novelty act ${holdMs}`);

    await looker.page.getByRole('button', { name: 'Show 1 new ticket' }).click();
    await looker.page.getByRole('link', { name: 'Novelty act' }).waitFor();
  });

  test('When a ticket is held, then its seller reads why it cannot be edited', async () => {
    const owner = await shop.marketplace.person('owner');
    const ticket = await list(owner, 'Stalls, Wednesday');
    await owner.page.goto(`/listings/${ticket}`);
    await owner.page.getByLabel('Title').fill('Stalls, Thursday');
    await hold(await shop.marketplace.visitor('holder'), ticket);

    await owner.page.getByRole('button', { name: 'Save changes' }).click();

    await owner.page
      .getByRole('alert')
      .filter({ hasText: /buying|held/ })
      .waitFor();
    expect(await owner.page.getByLabel('Title').inputValue()).toBe('Stalls, Thursday');
  });

  test('When the buyer cancels, then they are asked first, and the ticket is for sale again', async () => {
    const ticket = await list(shop.seller, 'Circle, Thursday');
    const { page } = await shop.marketplace.person('wavering');
    const order = await startBuying(page, ticket);

    await page.getByRole('button', { name: 'Cancel this order' }).click();
    await page.getByRole('dialog').getByRole('button', { name: 'Keep it' }).click();
    await page.getByRole('timer').waitFor();
    await page.getByRole('button', { name: 'Cancel this order' }).click();
    await page.getByRole('dialog').getByRole('button', { name: 'Yes, cancel it' }).click();

    await page.getByText('You cancelled this order').waitFor();
    expect(await takenFor(shop.marketplace.stack, order)).toEqual([]);
    await forSale(shop.seller, ticket);
  });

  test('When something is missing, then the answer is 404, and a page to go on from', async () => {
    const { page } = await shop.marketplace.person('lost');
    const nobodys = '00000000-0000-4000-8000-000000000000';

    for (const folder of ['nowhere', 'tickets', 'orders', 'listings']) {
      for (const id of ['nothing', nobodys, '%F0%9F%8E%BB', 'a%2Fb', '..%2f..%2fapi']) {
        const path = `/${folder}/${id}`;
        const answer = await page.goto(path);
        expect([path, answer?.status()]).toEqual([path, 404]);
        await page.getByRole('main').getByRole('link').first().waitFor();
      }
    }
  });
});

const eTicket = (page: Page) => page.getByRole('link', { name: /^E-ticket/ }).first();

async function outcomeOfBuying(page: Page): Promise<'held' | 'taken'> {
  const taken = page.getByText('Somebody is buying this ticket.');
  return Promise.race([
    page.waitForURL('**/orders/*').then(() => 'held' as const),
    taken.waitFor().then(() => 'taken' as const),
  ]);
}

const forSale = (visitor: Visitor, ticket: string) =>
  waitFor('the ticket for sale again', async () => {
    const reply = await visitor.request<{ orderId: string | null }>('GET', `/api/tickets/${ticket}`);
    return reply.body.orderId === null;
  });
