// Whatever people press, reload or open twice while they buy and pay: one order, one payment, and the truth on the page.
import type { BrowserContext } from 'playwright-core';
import { sharedShop } from './open-marketplace';
import {
  bought,
  buyButton,
  buyTogether,
  cards,
  list,
  orderOn,
  pay,
  payButton,
  signal,
  startBuying,
  takenFor,
  typeCard,
} from './steps';

jest.setTimeout(120_000);

describe('Nobody pays twice', () => {
  const shop = sharedShop();

  const paidOnce = async (order: string) => expect(await takenFor(shop.marketplace.stack, order)).toEqual([4_500]);

  test('When Buy and Pay are clicked twice, then there is one order and one payment', async () => {
    const buyer = await shop.marketplace.person('twice');
    await buyer.page.goto(`/tickets/${await list(shop.seller, 'Twice')}`);
    await buyButton(buyer.page).dblclick();
    const order = await orderOn(buyer.page);
    await typeCard(buyer.page, cards.approved);

    await payButton(buyer.page).dblclick();

    await bought(buyer.page).waitFor();
    await paidOnce(order);
    const orders = await buyer.request<{ items: unknown[] }>('GET', '/api/orders');
    expect(orders.body.items).toHaveLength(1);
  });

  test('When the page is reloaded while it pays, then it finishes what was begun', async () => {
    const { page, context } = await shop.marketplace.person('reloading');
    const order = await startBuying(page, await list(shop.seller, 'Reload'));
    await typeCard(page, cards.approved);
    const bank = await slowBank(context);

    await payButton(page).click();
    await bank.asked;
    await page.reload();
    await payButton(page).waitFor();
    bank.answer();

    await bought(page).waitFor();
    await paidOnce(order);
  });

  test('When the buyer goes back while it pays, then the ticket says that it is theirs, and the order that it is paid', async () => {
    const { page, context } = await shop.marketplace.person('going-back');
    const order = await startBuying(page, await list(shop.seller, 'Back'));
    await typeCard(page, cards.approved);
    const bank = await slowBank(context);

    await payButton(page).click();
    await bank.asked;
    await page.goBack();
    await page.getByRole('link', { name: 'Go on to pay' }).click();
    await payButton(page).waitFor();
    bank.answer();

    await bought(page).waitFor();
    await paidOnce(order);
    await page.goBack();
    await page.getByText('You have bought this ticket.').waitFor();
    expect(await buyButton(page).count()).toBe(0);
  });

  test('When two tabs pay, then one does, the other says so, and both show the outcome', async () => {
    const { page: first, context } = await shop.marketplace.person('two-tabs');
    const order = await startBuying(first, await list(shop.seller, 'Two tabs'));
    const second = await context.newPage();
    await second.goto(first.url());
    await typeCard(second, cards.approved);
    await typeCard(first, cards.approved);
    const bank = await slowBank(context);

    await payButton(first).click();
    await bank.asked;
    await payButton(second).click();
    await second.getByText('You are paying in another tab.').waitFor();
    bank.answer();

    await Promise.all([bought(first).waitFor(), bought(second).waitFor()]);
    await paidOnce(order);
  });

  test('When Buy is pressed again in another tab, then it is the same order', async () => {
    const { page, context } = await shop.marketplace.person('again');
    const ticket = await list(shop.seller, 'Again');
    const other = await context.newPage();
    await Promise.all([page.goto(`/tickets/${ticket}`), other.goto(`/tickets/${ticket}`)]);

    await buyTogether([page, other]);

    expect(await orderOn(page)).toBe(await orderOn(other));
  });

  test('When the answer to Pay is lost on its way, then paying again finds that it was paid', async () => {
    const { page, context } = await shop.marketplace.person('cut-off');
    const order = await startBuying(page, await list(shop.seller, 'Lost answer'));
    await typeCard(page, cards.approved);
    const confirm = /\/payment_intents\/[^/]+\/confirm$/;
    await context.route(confirm, async (route) => {
      await route.fetch();
      await route.abort('connectionreset');
    });

    await payButton(page).click();

    await bought(page).waitFor();
    await paidOnce(order);
  });

  test('When it was paid, then Back and reload show a paid order and no card form', async () => {
    const { page } = await shop.marketplace.person('curious');
    const order = await startBuying(page, await list(shop.seller, 'Afterwards'));
    await pay(page, cards.approved);
    await bought(page).waitFor();

    await page.reload();
    await bought(page).waitFor();
    await page.goBack();
    await page.goForward();

    await bought(page).waitFor();
    expect(await payButton(page).count()).toBe(0);
    await paidOnce(order);
  });
});

/** The card is sent to Stripe, and arrives when it is let: whether the page that sent it is still there or not. */
async function slowBank(context: BrowserContext): Promise<{ asked: Promise<void>; answer(): void }> {
  const asked = signal();
  const answered = signal();
  await context.route(/\/payment_intents\/[^/]+\/confirm$/, async (route) => {
    asked.give();
    await answered.given;
    await route.fulfill({ response: await route.fetch() });
  });
  return { asked: asked.given, answer: answered.give };
}
