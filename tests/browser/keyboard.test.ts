/// <reference lib="dom" />
// The whole trade by the keys Tab, Enter, Space and the arrows: everything is reached, and one sees where one is.
import type { Locator, Page } from 'playwright-core';
import { type Marketplace, openMarketplace, password } from './open-marketplace';
import { bought, cardField, cards, orderOn, payButton } from './steps';

jest.setTimeout(180_000);

/** More than any page has; a hidden trap would hold the focus for ever. */
const mostSteps = 60;

describe('By keyboard alone', () => {
  let marketplace: Marketplace;

  beforeAll(async () => {
    marketplace = await openMarketplace();
  });
  afterEach(() => marketplace.everybodyLeaves());
  afterAll(() => marketplace?.close());

  test('When nothing is clicked, then people sign up, sell, find, buy and pay', async () => {
    const title = `Keyed ${Date.now()}`;
    const seller = await marketplace.stranger();
    await signUp(seller.page, `keys-seller-${Date.now()}@example.com`);

    await follow(seller.page, seller.page.getByRole('link', { name: 'Sell', exact: true }).first());
    await seller.page.getByRole('heading', { name: 'Sell a ticket' }).waitFor();
    await focusIsAtBeginning(seller.page);
    await write(seller.page, seller.page.getByLabel('Title'), title);
    await seller.page.keyboard.press('Enter');
    // The first problem gets the focus, and the field says what it is.
    await waitUntilFocused(seller.page.getByLabel('Price'));
    expect(await descriptionOf(seller.page.getByLabel('Price'))).toContain('Give a price.');
    await seller.page.keyboard.type('45');
    await press(seller.page, seller.page.getByRole('button', { name: 'List this ticket' }), ' ');
    await seller.page.getByRole('heading', { name: title }).waitFor();
    await focusIsAtBeginning(seller.page);

    const { page } = await marketplace.stranger();
    await signUp(page, `keys-buyer-${Date.now()}@example.com`);
    await write(page, page.getByRole('searchbox'), title);
    await tabTo(page, page.getByLabel('Sort by'));
    await page.keyboard.press('ArrowDown');
    expect(await page.getByLabel('Sort by').inputValue()).toBe('price');
    await press(page, page.getByRole('button', { name: 'Search' }), 'Enter');
    await page.waitForURL('**sort=price');
    await follow(page, page.getByRole('link', { name: title }));
    await page.getByRole('heading', { name: title }).waitFor();
    await press(page, page.getByRole('button', { name: 'Buy this ticket' }), ' ');
    await orderOn(page);
    await focusIsAtBeginning(page);

    await payButton(page).waitFor();
    await write(page, cardField(page, 'Card number'), cards.declined);
    await write(page, cardField(page, 'Expiration date'), '1234');
    await write(page, cardField(page, 'Security code'), '123');
    await press(page, payButton(page), 'Enter');
    await waitUntilFocused(page.getByRole('alert').filter({ hasText: 'The card was declined.' }));
    await write(page, cardField(page, 'Card number'), cards.approved);
    await press(page, payButton(page), ' ');
    await bought(page).waitFor();
    await waitUntilFocused(page.locator(':focus').filter({ hasText: 'It is yours' }));
  });

  test('When a dialog opens, then it has the focus, Escape closes it, and the focus is back where it was', async () => {
    const { page, ...person } = await marketplace.person('careful');
    const reply = await person.request<{ id: string }>('POST', '/api/tickets', { title: 'To be deleted', price: 900 });
    expect(reply.status).toBe(201);
    await page.goto('/listings');
    const opener = page.getByRole('button', { name: 'Delete To be deleted' });

    await press(page, opener, 'Enter');
    const dialog = page.getByRole('dialog');
    await dialog.waitFor();
    expect(await dialog.evaluate((element) => element.contains(document.activeElement))).toBe(true);
    await page.keyboard.press('Escape');
    await dialog.waitFor({ state: 'hidden' });
    await waitUntilFocused(opener);

    await page.keyboard.press('Enter');
    await press(page, dialog.getByRole('button', { name: 'Delete ticket' }), 'Enter');
    await page.getByRole('heading', { name: 'You have no tickets listed' }).waitFor();
    await focusIsAtBeginning(page);
  });

  test('When the menu of a narrow screen is opened, then Escape closes it, and a link in it leads on', async () => {
    const { page } = await marketplace.stranger({ viewport: { width: 390, height: 844 } });
    await page.goto('/');
    const menu = page.getByText('Menu', { exact: true });

    await press(page, menu, 'Enter');
    await page.getByRole('link', { name: 'Sign in' }).waitFor();
    await page.keyboard.press('Escape');
    await page.getByRole('link', { name: 'Sign in' }).waitFor({ state: 'hidden' });
    await waitUntilFocused(menu);
    await page.keyboard.press(' ');
    await follow(page, page.getByRole('link', { name: 'Sign in' }));

    await page.getByRole('heading', { name: 'Sign in' }).waitFor();
    await focusIsAtBeginning(page);
  });

  test('When the first link is followed, then it skips to the content', async () => {
    const { page } = await marketplace.stranger();
    await page.goto('/');
    const skip = page.getByRole('link', { name: 'Skip to content' });

    await page.keyboard.press('Tab');
    await waitUntilFocused(skip);
    expect((await skip.boundingBox())?.y).toBeGreaterThanOrEqual(0);
    await page.keyboard.press('Enter');

    await focusIsAtBeginning(page);
  });
});

async function signUp(page: Page, email: string): Promise<void> {
  await page.goto('/');
  await follow(page, page.getByRole('link', { name: 'Sign up' }).first());
  await page.getByRole('heading', { name: 'Create an account' }).waitFor();
  await focusIsAtBeginning(page);
  await write(page, page.getByLabel('E-mail address'), email);
  await write(page, page.getByLabel('Password'), password);
  await page.keyboard.press('Enter');
  await page.getByRole('link', { name: 'My orders' }).first().waitFor();
}

const follow = (page: Page, link: Locator) => press(page, link, 'Enter');

async function press(page: Page, target: Locator, key: 'Enter' | ' '): Promise<void> {
  await tabTo(page, target);
  await page.keyboard.press(key);
}

/** Tabbing into a field selects what is in it, so that typing replaces it. */
async function write(page: Page, field: Locator, text: string): Promise<void> {
  await tabTo(page, field);
  await page.keyboard.press('ControlOrMeta+A');
  await page.keyboard.type(text);
}

/** Presses Tab until the target has the focus; each stop on the way shows that it has it. */
async function tabTo(page: Page, target: Locator): Promise<void> {
  await target.waitFor();
  for (let steps = 0; steps < mostSteps; steps += 1) {
    if (await hasFocus(target)) return;
    await page.keyboard.press('Tab');
    const unseen = await focusThatIsNotSeen(page);
    if (unseen) throw new Error(`the focus on ${unseen} of ${page.url()} cannot be seen`);
  }
  throw new Error(`${target} of ${page.url()} is not reached by ${mostSteps} times Tab`);
}

const hasFocus = (target: Locator) =>
  target.evaluate((element) => element.ownerDocument.activeElement === element && element.ownerDocument.hasFocus());

async function waitUntilFocused(target: Locator): Promise<void> {
  await target.and(target.page().locator(':focus')).waitFor();
}

/** The beginning of the content: what is there next is the new page's. */
const focusIsAtBeginning = (page: Page) => waitUntilFocused(page.getByRole('main'));

const descriptionOf = (field: Locator) =>
  field.evaluate((element) =>
    (element.getAttribute('aria-describedby') ?? '')
      .split(' ')
      .map((id) => document.getElementById(id)?.textContent)
      .join(' '),
  );

/** The element that has the focus without a ring around it or around what it fills; nothing when all is well. */
const focusThatIsNotSeen = (page: Page) =>
  page.evaluate(() => {
    const focused = document.activeElement;
    // Past the last element is the browser's own; frames show the focus inside.
    if (!focused || focused === document.body || focused instanceof HTMLIFrameElement) return undefined;
    for (let element: Element | null = focused; element && element !== document.body; element = element.parentElement) {
      const { outlineStyle, outlineWidth } = getComputedStyle(element);
      if (outlineStyle !== 'none' && Number.parseFloat(outlineWidth) >= 2) return undefined;
    }
    return focused.outerHTML.slice(0, 120);
  });
