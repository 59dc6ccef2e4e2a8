// Each service is stopped in turn. Pages that are about what it keeps answer 500, others show the rest and mark the gap;
// every one of them can be acted on, nothing typed is lost, and all is well again when the service is back.
import { type Stack, startStack } from '../stack/start-stack';
import { appOf, type StackApp, takeAway } from '../stack/take-away';
import type { Visitor } from '../stack/visitor';
import { waitFor } from '../stack/wait-for';
import { faultsOf } from './axe';
import { type Marketplace, openMarketplace, type Person, password } from './open-marketplace';
import { bought, buyButton, cards, hold, list, orderOn, pay, startBuying } from './steps';

jest.setTimeout(240_000);

describe('When a service is down', () => {
  // Its own: other stories go on in the shared one.
  let stack: Stack;
  let marketplace: Marketplace;
  let seller: Visitor;
  let person: Person;
  let ticket: string;
  let bringBack: (() => Promise<void>) | undefined;

  beforeAll(async () => {
    stack = await startStack({ portBase: 25_000 });
    marketplace = await openMarketplace(stack);
    seller = await marketplace.visitor('seller');
    ticket = await list(seller, 'For sale throughout');
  });
  beforeEach(async () => {
    person = await marketplace.person('patient', { bypassCSP: true });
  });
  afterEach(async () => {
    await bringBack?.();
    bringBack = undefined;
    await marketplace.everybodyLeaves();
  });
  afterAll(async () => {
    await marketplace?.close();
    expect(await stack?.stop()).toBe(0);
  });

  const stop = (app: StackApp) => {
    bringBack = takeAway(stack, app);
  };
  const back = async () => {
    await bringBack?.();
    bringBack = undefined;
  };

  /** Opens pages that must answer with this status, and be fit for everybody. */
  async function expectPages(status: number, paths: readonly string[]): Promise<void> {
    for (const path of paths) {
      const answer = await person.page.goto(path);
      expect([path, answer?.status()]).toEqual([path, status]);
      expect([path, await faultsOf(person.page)]).toEqual([path, []]);
    }
  }

  /** A page that says that it cannot be shown, and how to go on. */
  async function expectBroken(paths: readonly string[]): Promise<void> {
    for (const path of paths) {
      await expectPages(500, [path]);
      const main = person.page.getByRole('main');
      expect(await main.getByRole('heading', { level: 1 }).count()).toBe(1);
      await main
        .getByText(/[Tt]ry again|again in a moment/)
        .first()
        .waitFor();
    }
  }

  /** Loaded again, as the page says, until it is there. */
  const healed = (path: string) =>
    waitFor(`${path} to be well again`, async () => (await person.page.goto(path))?.status() === 200, 60_000);

  test('and it is auth, then all can be read and bought, and accounts say that they are away', async () => {
    const order = await hold(person, await list(seller, 'While auth is away'));
    stop('auth');

    await person.page.goto(`/orders/${order}`);
    await pay(person.page, cards.approved);
    await bought(person.page).waitFor();
    await expectPages(200, ['/', `/tickets/${ticket}`, '/orders', `/orders/${order}`, '/listings', '/sell', '/signin']);
    await person.page.goto('/');
    await person.page.getByText('Accounts are not answering right now').waitFor();
    await expectBroken(['/account']);
    const { page } = await marketplace.stranger();
    await page.goto('/signin');
    await page.getByLabel('E-mail address').fill(person.email);
    await page.getByLabel('Password').fill(password);
    await page.getByRole('button', { name: 'Sign in' }).click();
    await page.getByRole('alert').filter({ hasText: /again/ }).waitFor();
    expect(await page.getByLabel('E-mail address').inputValue()).toBe(person.email);

    await back();
    await page.getByRole('button', { name: 'Sign in' }).click();
    await page.getByRole('link', { name: 'My orders' }).first().waitFor();
    await healed('/account');
  });

  test('and it is tickets, then orders can be read and paid, and what was typed to sell is kept', async () => {
    const looker = await marketplace.stranger();
    await looker.page.goto('/?q=Typed+before');
    await person.page.goto('/sell');
    await person.page.getByLabel('Title').fill('Typed before');
    await person.page.getByLabel('Price').fill('9');
    const order = await hold(person, await list(seller, 'While tickets is away'));
    stop('tickets');

    await person.page.getByRole('button', { name: 'List this ticket' }).click();
    await person.page.getByRole('alert').filter({ hasText: /again/ }).waitFor();
    await person.page.goto(`/orders/${order}`);
    await pay(person.page, cards.approved);
    await bought(person.page).waitFor();
    await expectBroken(['/', '/?q=band', `/tickets/${ticket}`, '/listings', `/listings/${ticket}`]);
    await expectPages(200, ['/orders', `/orders/${order}`, '/account', '/sell']);
    await person.page.getByText('We kept what you had typed.').waitFor();

    await back();
    // Its sidecar sees a moment later that it lives again; the form itself does not ask it.
    await healed('/listings');
    await healed('/sell');
    await person.page.getByRole('button', { name: 'List this ticket' }).click();
    await person.page.getByRole('heading', { name: 'Typed before' }).waitFor();
    await looker.page.getByRole('button', { name: /^Show \d+ new tickets?$/ }).waitFor();
  });

  test('and it is tickets, which takes questions and answers none, then pages do not wait for ever', async () => {
    const service = appOf(stack, 'tickets');
    bringBack = async () => void process.kill(service.pid, 'SIGCONT');
    process.kill(service.pid, 'SIGSTOP');

    await expectBroken([`/tickets/${ticket}`]);
    await expectPages(200, ['/orders']);

    await back();
    await healed(`/tickets/${ticket}`);
  });

  test('and it is orders, then tickets can be read, and a press on Buy holds the ticket when it is back', async () => {
    const held = await list(seller, 'Held while orders is away');
    const order = await hold(person, held);
    stop('orders');

    await expectPages(200, [`/tickets/${held}`]);
    await person.page.getByText('Orders are not answering right now').waitFor();
    await expectBroken(['/orders', `/orders/${order}`]);
    await expectPages(200, ['/', '/account', '/listings', `/tickets/${ticket}`]);
    await person.page.goto(`/tickets/${await list(seller, 'Bought while orders is away')}`);
    await buyButton(person.page).click();
    await person.page.getByText(/^Busy; trying again in \d+ s…$/).waitFor();

    await back();
    await Promise.race([
      orderOn(person.page),
      person.page
        .getByRole('alert')
        .filter({ hasText: /again/ })
        .waitFor()
        .then(() => buyButton(person.page).click()),
    ]);
    await orderOn(person.page);
    await healed('/orders');
  });

  test('and it is payments, then the order is shown with that part marked, and paid when it is back', async () => {
    stop('payments');
    await expectPages(200, ['/', `/tickets/${ticket}`, '/orders']);
    const order = await startBuying(person.page, await list(seller, 'While payments is away'));

    await expectPages(200, [`/orders/${order}`]);
    await person.page.getByText('The payments of this order cannot be shown right now.').waitFor();
    await person.page.getByRole('timer').waitFor();
    await person.page.getByText('Payments are not answering just now. Your ticket is still held').waitFor();

    await back();
    await pay(person.page, cards.approved);
    await bought(person.page).waitFor();
    expect(await person.page.getByText('cannot be shown right now').count()).toBe(0);
  });

  test.each(['expiration', 'notifications'] as const)(
    'and it is %s, then nobody who buys notices, and mail comes when it is back',
    async (app) => {
      stop(app);

      await expectPages(200, ['/', `/tickets/${ticket}`, '/orders', '/account', '/listings', '/sell']);
      await startBuying(person.page, await list(seller, `While ${app} is away`));
      await pay(person.page, cards.approved);
      await bought(person.page).waitFor();

      await back();
      // What was in hand when it died comes again after the brokers' 60 s.
      await waitFor('mail about the purchase', () => hasMail(person, /While/), 150_000);
    },
  );

  async function hasMail({ email }: Visitor, about: RegExp): Promise<boolean> {
    const inbox = `http://127.0.0.1:${stack.ports.backing.inbox}`;
    const reply = await fetch(`${inbox}/api/messages?to=${encodeURIComponent(email)}`);
    const { messages } = (await reply.json()) as { messages: { subject: string }[] };
    return messages.some(({ subject }) => about.test(subject));
  }
});
