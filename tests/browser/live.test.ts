// A ticket that is taken while somebody looks at it says so within two seconds: told by the event stream alone, as every
// other way to the server is closed once the pages stand.
import type { Page } from 'playwright-core';
import { sharedShop } from './open-marketplace';
import { alive, buyButton, hold, list } from './steps';

jest.setTimeout(120_000);

const limitMs = 2_000;

describe('A ticket that is taken', () => {
  const shop = sharedShop();

  test('says so within two seconds, in the list and on its page, without asking', async () => {
    const series = `Blink ${Date.now()}`;
    const tickets: string[] = [];
    for (const n of [1, 2, 3]) tickets.push(await list(shop.seller, `${series} no. ${n}`));
    const { context, page: listing } = await shop.marketplace.stranger();
    const following = context.waitForEvent('response', (response) => response.url().endsWith('/api/tickets/stream'));
    await listing.goto(`/?q=${encodeURIComponent(series)}`);
    await following;
    const details = await Promise.all(
      tickets.map(async (ticket) => {
        const page = await context.newPage();
        await page.goto(`/tickets/${ticket}`);
        await alive(buyButton(page));
        return page;
      }),
    );
    // What is open stays open; whatever is asked from now on gets no answer.
    await context.route('**/*', (route) => route.abort());
    const buyer = await shop.marketplace.visitor('quick');

    const seenMs: number[] = [];
    for (const [n, ticket] of tickets.entries()) {
      const slip = listing.getByRole('article').filter({ hasText: `no. ${n + 1}` });
      expect(await slip.getByText('Just taken').count()).toBe(0);
      await hold(buyer, ticket);
      const takenAtMs = performance.now();
      await slip.getByText('Just taken').waitFor();
      await (details[n] as Page).getByText('Somebody is buying this ticket.').waitFor();
      seenMs.push(performance.now() - takenAtMs);
    }

    // The median: one hiccup of a busy machine is none of the product's.
    expect([...seenMs].sort((a, b) => a - b)[1]).toBeLessThan(limitMs);
  });
});
