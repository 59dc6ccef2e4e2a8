import { pay } from '../../browser/steps';
import { inDays, type Stage } from '../stage';
import type { Scene } from './scene';

const plain = {
  title: 'The Lighthouse Keepers, balcony',
  price: 6_800,
  venue: 'Harbour Arena',
  startsAt: inDays(20, 20),
};

export const ticketScenes: Scene[] = [
  {
    name: 'ticket-free',
    show: async ({ list, openAsStranger }) => openAsStranger(`/tickets/${await list(plain)}`),
  },
  {
    name: 'ticket-few-facts',
    show: async ({ list, openAsStranger }) => openAsStranger(`/tickets/${await list({ title: 'Gig', price: 50 })}`),
  },
  {
    name: 'ticket-long',
    async show({ list, openAsStranger }) {
      const id = await list({
        title: 'The Extraordinarily Long Farewell Tour of the Philharmonic Brass and Percussion Ensemble, with guests',
        price: 99_999_999,
        venue: 'The Grand International Convention and Exhibition Centre, Auditorium Maximum, Entrance North-West',
        startsAt: inDays(120, 18),
      });
      return openAsStranger(`/tickets/${id}`);
    },
  },
  {
    name: 'ticket-mine',
    show: async ({ list, open, seller }) => open(seller, `/tickets/${await list(plain)}`),
  },
  {
    name: 'ticket-just-listed',
    show: async ({ list, open, seller }) => open(seller, `/tickets/${await list(plain)}?listed`),
  },
  {
    name: 'ticket-held',
    async show({ openAsStranger, ...stage }) {
      return openAsStranger(`/tickets/${await held(stage)}`);
    },
  },
  {
    name: 'ticket-held-for-me',
    async show({ open, buyer, ...stage }) {
      return open(buyer, `/tickets/${await held(stage)}`);
    },
  },
  {
    name: 'ticket-taken-meanwhile',
    async show({ list, order, open, newcomer }) {
      const id = await list(plain);
      const page = await open(newcomer, `/tickets/${id}`);
      // The news does not arrive, and the press finds out.
      await page.route('**/api/tickets/**', (route) => route.abort());
      await order(id);
      await page.getByRole('button', { name: 'Buy this ticket' }).click();
      await page.getByRole('main').getByRole('alert').waitFor();
      return page;
    },
  },
  {
    name: 'ticket-price-changed',
    async show({ list, seller, open, newcomer }) {
      const id = await list(plain);
      const page = await open(newcomer, `/tickets/${id}`);
      await page.route('**/api/tickets/**', (route) => route.abort());
      await seller.request('PUT', `/api/tickets/${id}`, { ...plain, price: 7_200 });
      await page.getByRole('button', { name: 'Buy this ticket' }).click();
      await page.getByRole('main').getByRole('alert').waitFor();
      return page;
    },
  },
  {
    name: 'ticket-offline',
    async show({ list, open, newcomer }) {
      const page = await open(newcomer, `/tickets/${await list(plain)}`);
      await page.route('**/api/orders', (route) => route.abort());
      await page.getByRole('button', { name: 'Buy this ticket' }).click();
      await page.getByText(/trying again/).waitFor();
      return page;
    },
  },
  {
    name: 'ticket-sold',
    async show({ openAsStranger, ...stage }) {
      return openAsStranger(`/tickets/${await sold({ ...stage, openAsStranger })}`);
    },
  },
  {
    name: 'ticket-bought-by-me',
    async show(stage) {
      return stage.open(stage.buyer, `/tickets/${await sold(stage)}`);
    },
  },
  {
    name: 'ticket-taken-down',
    async show({ list, seller, openListening }) {
      const id = await list(plain);
      const page = await openListening(`/tickets/${id}`);
      await seller.request('DELETE', `/api/tickets/${id}`);
      await page.getByText('taken this ticket down').waitFor();
      return page;
    },
  },
  {
    name: 'ticket-no-script',
    withoutScript: true,
    show: async ({ list, openAsStranger }) =>
      openAsStranger(`/tickets/${await list(plain)}`, { javaScriptEnabled: false }),
  },
];

async function held({ list, order }: Pick<Stage, 'list' | 'order'>): Promise<string> {
  const id = await list(plain);
  await order(id);
  return id;
}

async function sold(stage: Stage): Promise<string> {
  const id = await stage.list({ ...plain, title: 'Nordic Jazz Night, front table' });
  const page = await stage.open(stage.buyer, `/orders/${await stage.order(id)}`);
  await pay(page, '4242424242424242');
  await page.getByRole('heading', { name: 'It is yours' }).waitFor();
  await page.close();
  return id;
}
