// Connections break, crawl and are shared by many tabs: nothing is lost, nothing is done twice, and the page says so.
import type { BrowserContext, Page } from 'playwright-core';
import { waitFor } from '../stack/wait-for';
import { sharedShop } from './open-marketplace';
import {
  bought,
  buyButton,
  cards,
  hold,
  list,
  orderOn,
  payButton,
  signal,
  startBuying,
  takenFor,
  typeCard,
} from './steps';

jest.setTimeout(180_000);

describe('The connection', () => {
  const shop = sharedShop();

  const offline = (page: Page) => page.getByText('You are offline.');
  const tenSeconds = (since: number) => waitFor('ten seconds', async () => Date.now() - since >= 10_000);

  test('When it is gone for ten seconds, then the page says so, keeps what it shows, and catches up', async () => {
    const title = `Tunnel ${Date.now()}`;
    const taken = await list(shop.seller, `${title} one`);
    const { page, context } = await shop.marketplace.stranger();
    const detail = await context.newPage();
    const following = context.waitForEvent('response', (response) => response.url().endsWith('/api/tickets/stream'));
    await Promise.all([page.goto(`/?q=${title.replace(' ', '+')}`), detail.goto(`/tickets/${taken}`)]);
    await following;

    await context.setOffline(true);
    const since = Date.now();
    await Promise.all([offline(page).waitFor(), offline(detail).waitFor()]);
    await hold(await shop.marketplace.visitor('faster'), taken);
    await list(shop.seller, `${title} two`);
    await tenSeconds(since);
    expect(await page.getByRole('link', { name: `${title} one` }).count()).toBe(1);
    await context.setOffline(false);

    await page.getByText('Just taken').waitFor();
    await page.getByRole('button', { name: 'Show 1 new ticket' }).click();
    await page.getByRole('link', { name: `${title} two` }).waitFor();
    await detail.getByText('Somebody is buying this ticket.').waitFor();
    await offline(page).waitFor({ state: 'detached' });
    await list(shop.seller, `${title} three`);
    await page.getByRole('button', { name: 'Show 1 new ticket' }).waitFor();
  });

  test('When it is gone while a ticket is described, then the form keeps it all, and it is listed once', async () => {
    const person = await shop.marketplace.person('commuter');
    const { page, context } = person;
    await page.goto('/sell');
    await page.getByLabel('Title').fill('Typed in a tunnel');
    await page.getByLabel('Price').fill('30');

    await context.setOffline(true);
    await page.getByRole('button', { name: 'List this ticket' }).click();
    await page.getByRole('alert').filter({ hasText: 'Check your connection' }).waitFor();
    await context.setOffline(false);
    expect(await page.getByLabel('Title').inputValue()).toBe('Typed in a tunnel');
    await page.getByRole('button', { name: 'List this ticket' }).click();

    await page.getByRole('heading', { name: 'Typed in a tunnel' }).waitFor();
    const mine = await person.request<{ items: unknown[] }>('GET', '/api/tickets/mine');
    expect(mine.body.items).toHaveLength(1);
  });

  test('When it is gone while somebody pays, then the page says so, and the same press is made once it is back', async () => {
    const { page, context } = await shop.marketplace.person('underground');
    const order = await startBuying(page, await list(shop.seller, 'Payment in a tunnel'));
    await typeCard(page, cards.approved);

    await context.setOffline(true);
    await offline(page).waitFor();
    await payButton(page).click();
    await page.getByText('As far as we know, nothing was charged.').waitFor();
    expect(await payButton(page).count()).toBe(0);
    await page.getByRole('button', { name: 'Try again' }).click();
    await page.getByRole('button', { name: 'Try again' }).waitFor();
    expect(await takenFor(shop.marketplace.stack, order)).toEqual([]);

    await context.setOffline(false);
    await page.getByText('The connection is back, and nothing was charged.').waitFor();
    await payButton(page).click();

    await bought(page).waitFor();
    expect(await takenFor(shop.marketplace.stack, order)).toEqual([4_500]);
  });

  test('When it is gone before the answer to a payment came, then the outcome is shown once it is back', async () => {
    const { page, context } = await shop.marketplace.person('under-a-bridge');
    const order = await startBuying(page, await list(shop.seller, 'Answer in a tunnel'));
    await typeCard(page, cards.approved);
    await context.route(/\/payment_intents\/[^/]+\/confirm$/, async (route) => {
      await route.fetch();
      await context.setOffline(true);
      await route.abort('internetdisconnected');
    });

    await payButton(page).click();
    await page.getByText('As far as we know, nothing was charged.').waitFor();
    await context.setOffline(false);

    await bought(page).waitFor();
    expect(await takenFor(shop.marketplace.stack, order)).toEqual([4_500]);
  });

  test('When it is slow, then each step says that it is under way, and pressing again does nothing more', async () => {
    const buyer = await shop.marketplace.person('patient');
    const { page, context } = buyer;
    const ticket = await list(shop.seller, 'By slow train');
    await page.goto(`/tickets/${ticket}`);
    await crawl(context, page);
    const asked = count(page, 'POST', /\/api\/orders$/);

    const buying = await keepOnItsWay(page, '**/api/orders');
    await buyButton(page).dblclick();
    await page.getByRole('button', { name: 'One moment…' }).waitFor();
    buying.give();
    const order = await orderOn(page);

    expect(asked()).toBe(1);
    await page.getByText('Preparing the secure card form…').or(payButton(page)).first().waitFor();
    await typeCard(page, cards.approved);
    const paying = await keepOnItsWay(page, '**/payment_intents/*/confirm');
    await payButton(page).dblclick();
    await page.getByRole('button', { name: 'Paying…' }).waitFor();
    paying.give();
    await bought(page).waitFor({ timeout: 60_000 });
    expect(await takenFor(shop.marketplace.stack, order)).toEqual([4_500]);
  });

  test('When it is slow, then a form is sent once, and a link shows that its page is on its way', async () => {
    const person = await shop.marketplace.person('slow-seller');
    const { page, context } = person;
    await page.goto('/sell');
    await page.getByLabel('Title').fill('Sent once');
    await page.getByLabel('Price').fill('30');
    await crawl(context, page);

    const listing = await keepOnItsWay(page, '**/api/tickets');
    await page.getByRole('button', { name: 'List this ticket' }).dblclick();
    await page.getByRole('button', { name: 'Listing…' }).waitFor();
    listing.give();
    await page.getByRole('heading', { name: 'Sent once' }).waitFor();
    const mine = await person.request<{ items: unknown[] }>('GET', '/api/tickets/mine');
    expect(mine.body.items).toHaveLength(1);

    const loading = await keepOnItsWay(page, '**/listings?*');
    await page.getByRole('link', { name: 'My listings' }).first().click();
    await page.locator('.link-pending.is-pending').first().waitFor({ state: 'attached' });
    loading.give();
    await page.getByRole('heading', { name: 'My listings' }).waitFor();
  });

  test('When eight tabs are open, then they share one stream, and hand it on when its tab is closed', async () => {
    const title = `Eight ${Date.now()}`;
    const { context, page } = await shop.marketplace.stranger();
    const open = new Set<unknown>();
    const begun = (request: { url(): string }) => {
      if (request.url().endsWith('/api/tickets/stream')) open.add(request);
    };
    context.on('request', begun);
    context.on('requestfinished', (request) => open.delete(request));
    context.on('requestfailed', (request) => open.delete(request));
    const others = await Promise.all(Array.from({ length: 7 }, () => context.newPage()));
    const tabs = [page, ...others];
    await page.goto(`/?q=${title.replace(' ', '+')}`);
    await waitFor('the stream', async () => open.size === 1);
    await Promise.all(others.map((tab) => tab.goto(`/?q=${title.replace(' ', '+')}`)));
    await Promise.all(tabs.map((tab) => tab.getByRole('heading', { name: 'No ticket fits that' }).waitFor()));

    await list(shop.seller, `${title} one`);
    await Promise.all(tabs.map((tab) => tab.getByRole('button', { name: 'Show 1 new ticket' }).waitFor()));
    expect(open.size).toBe(1);

    open.clear();
    await page.close();
    await waitFor('another tab to follow', async () => open.size === 1);
    await list(shop.seller, `${title} two`);
    await Promise.all(others.map((tab) => tab.getByRole('button', { name: 'Show 2 new tickets' }).waitFor()));
    expect(open.size).toBe(1);
  });
});

/** Like a train between two towns: every answer takes its time. */
async function crawl(context: BrowserContext, page: Page): Promise<void> {
  const session = await context.newCDPSession(page);
  await session.send('Network.enable');
  await session.send('Network.emulateNetworkConditions', {
    offline: false,
    latency: 1_500,
    downloadThroughput: 60_000,
    uploadThroughput: 30_000,
  });
}

/** Requests to this address wait until they are let go: what the page says meanwhile is seen on any machine. */
async function keepOnItsWay(page: Page, address: string): Promise<{ give(): void }> {
  const letGo = signal();
  await page.route(address, async (route) => {
    await letGo.given;
    await route.continue();
  });
  return letGo;
}

function count(page: Page, method: string, url: RegExp): () => number {
  let seen = 0;
  page.on('request', (request) => {
    if (request.method() === method && url.test(request.url())) seen += 1;
  });
  return () => seen;
}
