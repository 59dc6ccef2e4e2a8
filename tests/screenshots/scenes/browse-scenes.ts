import type { Scene } from './scene';

export const emptyMarketScenes: Scene[] = [
  { name: 'browse-empty', needsOwnStack: true, show: ({ openAsStranger }) => openAsStranger('/') },
];

export const browseScenes: Scene[] = [
  { name: 'browse', show: ({ openAsStranger }) => openAsStranger('/') },
  { name: 'browse-signed-in', inSight: true, show: ({ open, buyer }) => open(buyer, '/') },
  {
    name: 'browse-searching',
    show: ({ openAsStranger }) => openAsStranger('/?q=row&min=30&max=150&sort=price'),
  },
  { name: 'browse-nothing-found', show: ({ openAsStranger }) => openAsStranger('/?q=nothing+like+this') },
  { name: 'browse-wrong-price', show: ({ openAsStranger }) => openAsStranger('/?min=cheap&max=12.345') },
  {
    name: 'browse-news',
    inSight: true,
    async show({ openListening, list, order }) {
      const taken = await list({ title: 'News: the one that goes', price: 2_000 });
      await list({ title: 'News: the one that stays', price: 2_100 });
      const page = await openListening('/?q=news');
      await order(taken);
      await list({ title: 'News: the one that comes', price: 2_200 });
      await page.getByText('Just taken').waitFor();
      await page.getByRole('button', { name: 'Show 1 new ticket' }).waitFor();
      return page;
    },
  },
  {
    name: 'browse-loading-page',
    inSight: true,
    async show({ openAsStranger }) {
      const page = await openAsStranger('/');
      // An answer that stays away: the bar at the top says that it is on its way.
      await page.route(/\/tickets\/.*_rsc=/, () => {});
      await page.locator('.ticket-title a').first().click();
      await page.locator('.link-pending.is-pending').waitFor({ state: 'attached' });
      return page;
    },
  },
  {
    name: 'browse-more-fails',
    async show({ openAsStranger }) {
      const page = await openAsStranger('/');
      await page.route('**/api/tickets?**', (route) => route.abort());
      await page.getByRole('link', { name: 'Load more tickets' }).click();
      await page.getByRole('main').getByRole('alert').waitFor();
      return page;
    },
  },
  {
    name: 'browse-menu',
    widths: [360, 390],
    inSight: true,
    async show({ open, buyer }) {
      const page = await open(buyer, '/');
      await page.setViewportSize({ width: 390, height: 800 });
      await page.getByText('Menu', { exact: true }).click();
      return page;
    },
  },
  {
    name: 'browse-focus',
    inSight: true,
    async show({ openAsStranger }) {
      const page = await openAsStranger('/');
      const first = page.locator('.ticket-title a').first();
      await page.getByRole('button', { name: 'Search' }).focus();
      for (let presses = 0; presses < 5; presses++) {
        await page.keyboard.press('Tab');
        if (await first.evaluate((link) => link === document.activeElement)) break;
      }
      return page;
    },
  },
  {
    name: 'browse-skip-link',
    inSight: true,
    async show({ openAsStranger }) {
      const page = await openAsStranger('/');
      await page.keyboard.press('Tab');
      return page;
    },
  },
  {
    name: 'browse-no-script',
    withoutScript: true,
    show: ({ openAsStranger }) => openAsStranger('/', { javaScriptEnabled: false }),
  },
];
