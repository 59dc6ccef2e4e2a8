import type { Page } from 'playwright-core';
import { inDays, type Stage } from '../stage';
import type { Scene } from './scene';

const plain = { title: 'Comedy at the Docks, table 4', price: 3_200, venue: 'Pier 9', startsAt: inDays(25, 20) };

export const sellingScenes: Scene[] = [
  { name: 'sell', show: ({ open, seller }) => open(seller, '/sell') },
  { name: 'sell-signed-out', show: ({ openAsStranger }) => openAsStranger('/sell') },
  {
    name: 'sell-errors',
    async show({ open, seller }) {
      const page = await open(seller, '/sell');
      await page.getByLabel('Price').fill('1.200');
      await page.getByLabel('Date').fill('2031-02-03');
      await page.getByRole('button', { name: 'List this ticket' }).click();
      await page.locator('.field-problem').first().waitFor();
      return page;
    },
  },
  {
    name: 'sell-service-fails',
    async show({ open, seller }) {
      const page = await open(seller, '/sell');
      await page.route('**/api/tickets', (route) => route.abort());
      await page.getByLabel('Title').fill(plain.title);
      await page.getByLabel('Price').fill('32');
      await page.getByRole('button', { name: 'List this ticket' }).click();
      await page.getByRole('main').getByRole('alert').waitFor();
      return page;
    },
  },
  {
    name: 'sell-kept-draft',
    async show({ open, seller }) {
      const page = await open(seller, '/sell');
      await page.getByLabel('Title').fill(plain.title);
      await page.getByLabel('Price').fill('32');
      await page.reload();
      await page.getByText('We kept what you had typed').waitFor();
      return page;
    },
  },
  { name: 'listings-empty', show: ({ open, newcomer }) => open(newcomer, '/listings') },
  { name: 'listings', show: ({ open, seller }) => open(seller, '/listings') },
  {
    name: 'listings-delete',
    inSight: true,
    async show(stage) {
      await stage.list(plain);
      const page = await stage.open(stage.seller, '/listings');
      await page
        .getByRole('button', { name: /^Delete / })
        .first()
        .click();
      await page.getByRole('dialog').waitFor();
      return page;
    },
  },
  { name: 'listing-edit', show: async (stage) => edit(stage, await stage.list(plain)) },
  {
    name: 'listing-held',
    async show(stage) {
      const id = await stage.list(plain);
      await stage.order(id);
      return edit(stage, id);
    },
  },
  {
    name: 'listing-held-meanwhile',
    async show(stage) {
      const id = await stage.list(plain);
      const page = await edit(stage, id);
      await stage.order(id);
      await page.getByLabel('Title').fill('Comedy at the Docks, table 5');
      await page.getByRole('button', { name: 'Save changes' }).click();
      await page.getByRole('main').getByRole('alert').waitFor();
      return page;
    },
  },
  {
    name: 'listing-changed-meanwhile',
    async show(stage) {
      const id = await stage.list(plain);
      const page = await edit(stage, id);
      await stage.seller.request('PUT', `/api/tickets/${id}`, { ...plain, price: 3_600 });
      await page.getByLabel('Title').fill('Comedy at the Docks, table 5');
      await page.getByRole('button', { name: 'Save changes' }).click();
      await page.getByText('was changed meanwhile').waitFor();
      return page;
    },
  },
];

const edit = ({ open, seller }: Stage, id: string): Promise<Page> => open(seller, `/listings/${id}`);
