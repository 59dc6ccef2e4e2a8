import type { Page } from 'playwright-core';
import { pay, typeCard } from '../../browser/steps';
import { inDays, type Stage } from '../stage';
import type { Scene } from './scene';

const cards = {
  good: '4242424242424242',
  declined: '4000000000009995',
  asksWho: '4000002760003184',
};

export const orderScenes: Scene[] = [
  { name: 'orders-empty', show: ({ open, newcomer }) => open(newcomer, '/orders') },
  {
    name: 'order-awaiting',
    async show(stage) {
      const page = await newOrder(stage);
      await cardFields(page);
      return page;
    },
  },
  {
    name: 'order-last-minute',
    async show(stage) {
      const page = await stage.buyer.context.newPage();
      await page.clock.install();
      await page.goto(`/orders/${await stage.order(await stage.list(seat))}`);
      // Without the server's word about the time, which would put the page right again.
      await page.route('**/api/orders/**', (route) => route.abort());
      await page.clock.fastForward('14:12');
      await page.clock.resume();
      await page.locator('[data-urgency="last"]').waitFor();
      await cardFields(page);
      return page;
    },
  },
  {
    name: 'order-paying',
    async show(stage) {
      const page = await newOrder(stage);
      await page.route('**/v1/payment_intents/*/confirm', () => {});
      await pay(page, cards.good);
      await page.getByRole('button', { name: 'Paying…' }).waitFor();
      return page;
    },
  },
  {
    name: 'order-settling',
    async show(stage) {
      const page = await newOrder(stage);
      await page.route('**/settle', () => {});
      await pay(page, cards.good);
      await page.getByText('We are finishing your order').waitFor();
      return page;
    },
  },
  {
    name: 'order-declined',
    async show(stage) {
      const page = await newOrder(stage);
      await pay(page, cards.declined);
      await page.getByRole('alert').filter({ hasText: 'not enough money' }).waitFor();
      return page;
    },
  },
  {
    name: 'order-three-declines',
    async show(stage) {
      const page = await newOrder(stage);
      for (let tries = 0; tries < 2; tries++) {
        await pay(page, cards.declined);
        await page
          .getByRole('alert')
          .filter({ hasText: tries === 0 ? '2 attempts' : 'one attempt' })
          .waitFor();
      }
      await pay(page, cards.declined);
      await page.getByRole('heading', { name: 'This order was cancelled' }).waitFor();
      return page;
    },
  },
  {
    name: 'order-incomplete-card',
    async show(stage) {
      const page = await newOrder(stage);
      await cardFields(page);
      await typeCard(page, '4242');
      await page.getByRole('button', { name: /^Pay / }).click();
      await page
        .frameLocator('iframe[title^="Card fields"]')
        .getByText(/incomplete|invalid/i)
        .first()
        .waitFor();
      return page;
    },
  },
  {
    name: 'order-bank-asks',
    inSight: true,
    async show(stage) {
      const page = await newOrder(stage);
      await pay(page, cards.asksWho);
      await page.locator('dialog[open] iframe').contentFrame().getByRole('button', { name: 'Approve' }).waitFor();
      return page;
    },
  },
  {
    name: 'order-cut-off',
    show: cutOffWhilePaying,
  },
  {
    name: 'order-connected-again',
    async show(stage) {
      const page = await cutOffWhilePaying(stage);
      await page.unroute('**/payment_intents/**');
      await page.getByText('The connection is back').waitFor();
      return page;
    },
  },
  {
    name: 'order-payment-unavailable',
    async show(stage) {
      const id = await stage.order(await stage.list(seat));
      const page = await stage.buyer.context.newPage();
      await page.route('**/api/payments', (route) => route.abort());
      await page.goto(`/orders/${id}`);
      await page.getByRole('button', { name: 'Try again' }).waitFor();
      return page;
    },
  },
  {
    name: 'order-cancel',
    inSight: true,
    async show(stage) {
      const page = await newOrder(stage);
      await cardFields(page);
      await page.getByRole('button', { name: 'Cancel this order' }).click();
      await page.getByRole('dialog').waitFor();
      return page;
    },
  },
  {
    name: 'order-cancelled',
    async show(stage) {
      const id = await stage.order(await stage.list(seat));
      await stage.buyer.request('DELETE', `/api/orders/${id}`);
      return stage.open(stage.buyer, `/orders/${id}`);
    },
  },
  {
    name: 'order-expired',
    needsOwnStack: true,
    show: ({ open, buyer, own }) => open(buyer, `/orders/${own?.expiredOrderId}`),
  },
  {
    name: 'order-completed',
    async show(stage) {
      const page = await newOrder(stage);
      await pay(page, cards.good);
      await page.getByRole('heading', { name: 'It is yours' }).waitFor();
      return page;
    },
  },
  { name: 'orders', show: ({ open, buyer }) => open(buyer, '/orders') },
];

const seat = {
  title: 'Symphony no. 7, stalls, row 15',
  price: 12_500,
  venue: 'Old Theatre, Main Hall',
  startsAt: inDays(33, 19),
};

async function newOrder(stage: Stage): Promise<Page> {
  return stage.open(stage.buyer, `/orders/${await stage.order(await stage.list(seat))}`);
}

async function cutOffWhilePaying(stage: Stage): Promise<Page> {
  const page = await newOrder(stage);
  await typeCard(page, cards.good);
  await page.route('**/payment_intents/**', (route) => route.abort());
  await page.getByRole('button', { name: /^Pay / }).click();
  await page.getByText('As far as we know, nothing was charged.').waitFor();
  return page;
}

async function cardFields(page: Page): Promise<void> {
  await page.frameLocator('iframe[title^="Card fields"]').getByLabel('Card number', { exact: true }).waitFor();
  await page.getByRole('button', { name: /^Pay / }).waitFor();
}
