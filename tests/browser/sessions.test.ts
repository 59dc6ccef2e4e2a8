// Sessions begin, end and get lost, also in the middle of something: people go on where they were.
import type { Visitor } from '../stack/visitor';
import { type Person, password, type Seat, sharedShop } from './open-marketplace';
import {
  alive,
  bought,
  buyButton,
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

describe('Sessions', () => {
  const shop = sharedShop();

  async function signIn({ page }: Seat, { email }: Pick<Visitor, 'email'>): Promise<void> {
    await page.waitForURL('**/signin?*');
    await page.getByLabel('E-mail address').fill(email);
    await page.getByLabel('Password').fill(password);
    await page.getByRole('button', { name: 'Sign in' }).click();
  }

  /** As signing out elsewhere does: the session is dead on every device, and this browser does not know. */
  const loseSession = async (person: Person) =>
    expect((await person.request('POST', '/api/users/signout')).status).toBe(204);

  test('When somebody buys before signing in, then they come back to the purchase', async () => {
    const account = await shop.marketplace.visitor('returning');
    const stranger = await shop.marketplace.stranger();
    await stranger.page.goto(`/tickets/${await list(shop.seller, 'Gallery, Tuesday')}`);

    await buyButton(stranger.page).click();
    await signIn(stranger, account);

    await orderOn(stranger.page);
    await stranger.page.getByRole('timer').waitFor();
  });

  test('When a password is wrong, then the form says so, keeps the address, and takes the right one', async () => {
    const account = await shop.marketplace.visitor('forgetful');
    const { page } = await shop.marketplace.stranger();
    await page.goto('/signin');
    await page.getByLabel('E-mail address').fill(account.email);
    await page.getByLabel('Password').fill('not my password');

    await page.getByRole('button', { name: 'Sign in' }).click();

    await page
      .getByRole('alert')
      .filter({ hasText: /password/ })
      .waitFor();
    expect(await page.getByLabel('E-mail address').inputValue()).toBe(account.email);
    await page.getByLabel('Password').fill(password);
    await page.getByRole('button', { name: 'Sign in' }).click();
    await page.getByRole('link', { name: 'My orders' }).first().waitFor();
  });

  test('When “Sign in” is pressed before the scripts are there, then it is done once they are, and nothing is sent before', async () => {
    const account = await shop.marketplace.visitor('hasty');
    const { page } = await shop.marketplace.stranger();
    const sent: string[] = [];
    page.on('request', (request) => request.method() === 'POST' && sent.push(new URL(request.url()).pathname));
    const scripts = signal();
    await page.route('**/_next/**/*.js', (route) => scripts.given.then(() => route.continue()));
    await page.goto('/signin?next=/orders', { waitUntil: 'commit' });
    await page.getByLabel('E-mail address').fill(account.email);
    await page.getByLabel('Password').fill(password);

    await page.getByRole('button', { name: 'Sign in' }).click({ noWaitAfter: true });
    await page.evaluate(() => document.title);
    expect([sent, await page.getByLabel('Password').inputValue()]).toEqual([[], password]);
    scripts.give();

    await page.getByRole('heading', { name: 'My orders' }).waitFor();
    expect(sent).toEqual(['/api/users/signin']);
  });

  test('When the session is lost while a ticket is described, then nothing that was typed is', async () => {
    const person = await shop.marketplace.person('absent-minded');
    const { page } = person;
    await page.goto('/sell');
    await page.getByLabel('Title').fill('Written at length');
    await page.getByLabel('Price').fill('12.50');
    await page.getByLabel('Venue').fill('Small Hall');
    await loseSession(person);

    await page.getByRole('button', { name: 'List this ticket' }).click();
    await signIn(person, person);

    await page.getByText('We kept what you had typed.').waitFor();
    expect(await page.getByLabel('Price').inputValue()).toBe('12.50');
    await page.getByRole('button', { name: 'List this ticket' }).click();
    await page.getByRole('heading', { name: 'Written at length' }).waitFor();
  });

  test('When the session is lost before paying, then the page says so, and the order waits for its buyer', async () => {
    const person = await shop.marketplace.person('signed-out');
    const { page } = person;
    await startBuying(page, await list(shop.seller, 'Stalls, Friday'));
    await page.getByRole('timer').waitFor();
    await loseSession(person);

    await page.getByRole('button', { name: 'Cancel this order' }).click();
    await page.getByRole('button', { name: 'Yes, cancel it' }).click();
    await page
      .getByRole('dialog')
      .getByText(/[Ss]ign in/)
      .waitFor();
    await page.getByRole('button', { name: 'Keep it' }).click();
    await page.getByText('You are signed out.').waitFor();
    await page.getByRole('main').getByRole('link', { name: 'Sign in' }).click();
    await signIn(person, person);

    await page.waitForURL('**/orders/*');
    await pay(page, cards.approved);
    await bought(page).waitFor();
  });

  test('When the session is lost as somebody pays, then no card is sent, sign-in says so, and they pay afterwards', async () => {
    const person = await shop.marketplace.person('signed-out-paying');
    const { page } = person;
    const faults: Error[] = [];
    page.on('pageerror', (fault) => faults.push(fault));
    const order = await startBuying(page, await list(shop.seller, 'Stalls, Saturday'));
    await typeCard(page, cards.approved);
    await loseSession(person);

    await payButton(page).click();
    await page.getByText('your card was not sent and nothing was charged').waitFor();
    expect(await takenFor(shop.marketplace.stack, order)).toEqual([]);
    await signIn(person, person);

    await page.waitForURL('**/orders/*');
    await pay(page, cards.approved);
    await bought(page).waitFor();
    expect(await takenFor(shop.marketplace.stack, order)).toEqual([4_500]);
    expect(faults).toEqual([]);
  });

  test('When somebody signs out in another tab, then this one knows', async () => {
    const { page, context } = await shop.marketplace.person('two-tabs');
    const other = await context.newPage();
    await Promise.all([page.goto('/'), other.goto('/account')]);

    const signOut = other.getByRole('main').getByRole('button', { name: 'Sign out' });
    await alive(signOut);
    await alive(page.getByRole('link', { name: 'My orders' }).first());
    await signOut.click();

    await page.getByRole('link', { name: 'Sign in' }).first().waitFor();
  });

  test('When a page of one’s own is opened without a session, then one comes to it by signing in', async () => {
    const account = await shop.marketplace.visitor('bookmarking');
    const stranger = await shop.marketplace.stranger();
    await stranger.page.goto('/orders');

    await signIn(stranger, account);

    await stranger.page.getByRole('heading', { name: 'My orders' }).waitFor();
  });

  test('When the address tells where to go after signing in, then it is never another site', async () => {
    const account = await shop.marketplace.visitor('phished');
    const stranger = await shop.marketplace.stranger();
    await stranger.page.goto(`/signin?next=${encodeURIComponent('//example.org/orders')}`);

    await signIn(stranger, account);

    await stranger.page.getByRole('link', { name: 'My orders' }).first().waitFor();
    expect(new URL(stranger.page.url()).origin).toBe(shop.marketplace.stack.url);
  });
});
