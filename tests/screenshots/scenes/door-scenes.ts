import type { Page } from 'playwright-core';
import { scanPdf } from '../../../services/orders/test/e-ticket/read-pdf';
import { bought, pay } from '../../browser/steps';
import { inDays, type Stage } from '../stage';
import type { Scene } from './scene';

export const doorScenes: Scene[] = [
  { name: 'door', show: (stage) => atTheDoor(stage) },
  { name: 'door-looked', show: async (stage) => show(stage, await eTicket(stage), 'Only look') },
  { name: 'door-let-in', show: async (stage) => show(stage, await eTicket(stage)) },
  {
    name: 'door-used',
    async show(stage) {
      const code = await eTicket(stage);
      await stage.seller.request('POST', '/api/tickets/verify', { code });
      return show(stage, code);
    },
  },
  { name: 'door-forged', show: (stage) => show(stage, 'MADE UP BY MALLORY') },
  {
    name: 'door-no-answer',
    async show(stage) {
      const page = await atTheDoor(stage);
      await page.route('**/api/tickets/verify', (route) => route.abort());
      return check(page, 'SOME CODE');
    },
  },
  {
    name: 'door-no-camera',
    async show(stage) {
      const page = await atTheDoor(stage);
      await page.getByRole('button', { name: 'Scan with the camera' }).click();
      await page
        .getByRole('alert')
        .filter({ hasText: /camera/ })
        .waitFor();
      return page;
    },
  },
];

const atTheDoor = ({ open, seller }: Stage): Promise<Page> => open(seller, '/door');

const show = async (stage: Stage, code: string, how?: string): Promise<Page> =>
  check(await atTheDoor(stage), code, how);

async function check(page: Page, code: string, how = 'Check and let in'): Promise<Page> {
  await page.getByLabel('Code of the e-ticket').fill(code);
  await page.getByRole('button', { name: how }).click();
  await page.getByRole('status').getByRole('heading').waitFor();
  return page;
}

/** The code of a ticket that was bought and paid. */
async function eTicket(stage: Stage): Promise<string> {
  const ticket = await stage.list({
    title: 'Nordic Jazz Night, front table',
    price: 5_400,
    venue: 'The Blue Room',
    startsAt: inDays(1, 20),
  });
  const order = await stage.order(ticket);
  const page = await stage.open(stage.buyer, `/orders/${order}`);
  await pay(page, '4242424242424242');
  await bought(page).waitFor();
  const file = await page.request.get(`/api/orders/${order}/ticket`);
  const code = scanPdf(await file.body());
  await page.close();
  return code;
}
