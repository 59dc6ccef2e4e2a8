import { readFileSync } from 'node:fs';
import type { Frame } from 'playwright-core';
import { findingBrowserMs } from '../../../../../tests/setup/find-browser';
import { testCards } from '../../../src/stripe-simulator';
import { type Kind, openShop, type Seen, type Shop, type Visit } from './open-shop';

const cards = {
  approved: '4242424242424242',
  declined: '4000000000000002',
  insufficientFunds: '4000000000009995',
  asks: '4000002760003184',
};

jest.setTimeout(60_000);
let shop: Shop;
let visit: Visit;
beforeAll(async () => {
  shop = await openShop();
}, findingBrowserMs);
afterEach(() => visit.close());
afterAll(() => shop.close());

const intentAfter = () => shop.account.stripe.paymentIntents.retrieve(visit.intentId);
const chargesAfter = async () =>
  (await shop.account.stripe.charges.list({ payment_intent: visit.intentId })).data.map(({ status }) => status);

describe.each<[what: string, kind: Kind]>([
  ['a Payment Element, the client secret known', 'payment'],
  ['a Card Element', 'card'],
])('With %s', (_what, kind) => {
  beforeEach(async () => {
    visit = await shop.visit(kind);
  });
  afterEach(() => expect(visit.complaints).toEqual([]));

  it('takes a card', async () => {
    await visit.fillCard(cards.approved);
    await visit.pay();
    await visit.status('Paid: requires_capture');
    expect(await chargesAfter()).toEqual(['succeeded']);
    const names = (await visit.seen()).events.map(({ name }) => name);
    expect(names).toEqual(expect.arrayContaining(['ready', 'focus', 'change', 'blur']));
    const changes = (await visit.seen()).events.filter(({ name }) => name === 'change');
    expect(changes.at(-1)).toMatchObject({ complete: true, empty: false });
  });

  it('tells that a card was declined, and takes another one', async () => {
    await visit.fillCard(cards.declined);
    await visit.pay();
    await visit.status('Your card was declined.');
    const number = (await visit.field('Card number')).getByLabel('Card number');
    await number.fill('');
    await number.pressSequentially(cards.insufficientFunds);
    await visit.pay();
    await visit.status('Your card has insufficient funds.');
    await number.fill('');
    await number.pressSequentially(cards.approved);
    await visit.pay();
    await visit.status('Paid: requires_capture');
    expect(await chargesAfter()).toEqual(['succeeded', 'failed', 'failed']);
    expect((await visit.seen()).results).toEqual([
      { code: 'card_declined' },
      { code: 'card_declined' },
      'requires_capture',
    ]);
  });

  it('asks the bank in a dialog, and goes on with the answer', async () => {
    await visit.fillCard(cards.asks);
    await visit.pay();
    await visit.page.getByRole('dialog', { name: 'Authentication (test payments)' }).waitFor();
    await challenge().getByRole('button', { name: 'Approve the payment' }).click();
    await visit.status('Paid: requires_capture');
    expect(await visit.page.getByRole('dialog').count()).toBe(0);
  });

  it('ends the attempt when the bank is answered with no', async () => {
    await visit.fillCard(cards.asks);
    await visit.pay();
    await challenge().getByRole('button', { name: 'Fail the authentication' }).click();
    await visit.status(/unable to authenticate your payment method/);
    expect((await visit.seen()).results).toEqual([{ code: 'payment_intent_authentication_failure' }]);
    expect(await intentAfter()).toMatchObject({ status: 'requires_payment_method' });
  });

  it('does not send a number that cannot be', async () => {
    await visit.fillCard('4242424242424241');
    await visit.pay();
    await visit.status('Your card number is invalid.');
    const frame = await visit.field('Card number');
    expect(await frame.getByRole('alert').textContent()).toBe('Your card number is invalid.');
    const number = frame.getByLabel('Card number');
    expect(await number.getAttribute('aria-invalid')).toBe('true');
    expect(await number.getAttribute('aria-describedby')).toBe('problem');
    expect(await chargesAfter()).toEqual([]);
    expect((await visit.seen()).results).toEqual([{ code: 'invalid_number' }]);
  });

  it('charges once when the button is clicked twice', async () => {
    await visit.fillCard(cards.approved);
    await visit.page.getByRole('button', { name: 'Pay' }).dblclick();
    await visit.page.waitForFunction(() => (globalThis as unknown as PageGlobals).seen.results.length === 2);
    const { results } = await visit.seen();
    expect(results).toContain('requires_capture');
    expect(results).toContainEqual({ code: 'payment_intent_unexpected_state' });
    expect(await chargesAfter()).toEqual(['succeeded']);
  });
});

describe.each<[what: string, kind: Kind]>([
  ['a Payment Element, the client secret at confirmation', 'deferred'],
  ['an element for each field', 'split'],
])('With %s', (_what, kind) => {
  it('takes a card that the bank asks about, once it is a number that can be', async () => {
    visit = await shop.visit(kind);
    await visit.fillCard('4000002760003185');
    await visit.pay();
    await visit.status('Your card number is invalid.');
    const number = (await visit.field('Card number')).getByLabel('Card number');
    await number.fill('');
    await number.pressSequentially(cards.asks);
    await visit.pay();
    await challenge().getByRole('button', { name: 'Approve the payment' }).click();
    await visit.status('Paid: requires_capture');
    expect(await chargesAfter()).toEqual(['succeeded']);
    expect(visit.complaints).toEqual([]);
  });
});

describe('The fields', () => {
  it('can be used by the keyboard alone, and tell of the Escape key', async () => {
    visit = await shop.visit('payment');
    const number = (await visit.field('Card number')).getByLabel('Card number');
    await number.focus();
    await visit.page.keyboard.type(`${cards.approved}1234123`);
    await visit.page.keyboard.press('Escape');
    await visit.page.keyboard.press('Enter');
    await visit.status('Paid: requires_capture');
    expect((await visit.seen()).events.map(({ name }) => name)).toContain('escape');
  });

  it('are filled by a click on a test card, each of which exists', async () => {
    visit = await shop.visit('payment');
    const frame = await visit.field('Card number');
    const height = 'document.querySelector("iframe").getBoundingClientRect().height';
    const closed = await visit.page.evaluate<number>(height);
    await frame.getByText('Test cards', { exact: true }).click();
    await visit.page.waitForFunction(isHigherThan, closed + 50);
    const numbers = await frame
      .locator('[data-number]')
      .evaluateAll((buttons) => buttons.map((button) => button.getAttribute('data-number')));
    expect(testCards.map(({ number }) => number)).toEqual(expect.arrayContaining(numbers));
    await frame.getByRole('button', { name: '4000 0000 0000 9995' }).click();
    await visit.pay();
    await visit.status('Your card has insufficient funds.');
  });

  it('link to the test cards when they are in one line', async () => {
    visit = await shop.visit('card');
    const link = (await visit.field('Card number')).getByRole('link', { name: /^Test payments/ });
    const [opened] = await Promise.all([visit.page.context().waitForEvent('page'), link.click()]);
    await opened.getByText('4000 0000 0000 0002').waitFor();
  });

  it('look as the page asks, also when it changes its mind', async () => {
    visit = await shop.visit('payment');
    const frame = await visit.field('Card number');
    const look = () =>
      frame.evaluate(`(() => {
        const { color, backgroundColor, borderTopWidth } = getComputedStyle(document.getElementById('number'));
        return { color, backgroundColor, borderTopWidth, ground: getComputedStyle(document.body).backgroundColor };
      })()`);
    expect(await look()).toMatchObject({ backgroundColor: 'rgb(255, 255, 255)', borderTopWidth: '2px' });
    await visit.page.getByRole('button', { name: 'Dark' }).click();
    await frame.waitForFunction(isDark);
    expect(await look()).toEqual({
      color: 'rgb(244, 246, 250)',
      backgroundColor: 'rgb(16, 20, 28)',
      borderTopWidth: '2px',
      ground: 'rgba(0, 0, 0, 0)',
    });
  });

  it('come back empty when the page has left and returned', async () => {
    visit = await shop.visit('payment');
    await visit.fillCard(cards.approved);
    await visit.page.getByRole('button', { name: 'Leave' }).click();
    expect(await visit.page.locator('iframe').count()).toBe(0);
    await visit.page.getByRole('button', { name: 'Return' }).click();
    expect(await (await visit.field('Card number')).getByLabel('Card number').inputValue()).toBe('');
    await visit.fillCard(cards.approved);
    await visit.pay();
    await visit.status('Paid: requires_capture');
    expect(visit.complaints).toEqual([]);
  });

  it('keep the card number from the page', async () => {
    visit = await shop.visit('payment');
    await visit.fillCard(cards.approved);
    const reachable = await visit.page.evaluate('document.querySelector("iframe").contentDocument');
    expect(reachable).toBeNull();
    expect(await visit.page.content()).not.toContain('4242');
  });

  it.each<[string, Kind, boolean]>([
    ['the Payment Element', 'payment', false],
    ['the Payment Element, dark', 'payment', true],
    ['the Card Element', 'card', false],
  ])('have no barriers that axe knows: %s', async (_what, kind, dark) => {
    visit = await shop.visit(kind, { width: 320 });
    const frame = await visit.field('Card number');
    if (dark) {
      await visit.page.getByRole('button', { name: 'Dark' }).click();
      await frame.waitForFunction(isDark);
      // The page's ground shows through the frame, which axe cannot see from within.
      await frame.evaluate('document.body.style.background = "#10141c"');
    }
    await visit.type('Card number', '4242424242424241');
    expect(await barriersIn(frame)).toEqual([]);
    expect(await frame.evaluate('document.documentElement.scrollWidth <= innerWidth')).toBe(true);
  });
});

describe('The rest of Stripe.js', () => {
  it('tells how a payment stands, and asks the bank later', async () => {
    visit = await shop.visit('card');
    await visit.fillCard(cards.asks);
    const waiting = await visit.page.evaluate(
      async (secret) => {
        const { stripe, elements } = (globalThis as unknown as { shop: StripeOnPage }).shop;
        const card = elements.getElement('card');
        await stripe.confirmCardPayment(secret, { payment_method: { card } }, { handleActions: false });
        return (await stripe.retrievePaymentIntent(secret)).paymentIntent.status;
      },
      await secretOf(),
    );
    expect(waiting).toBe('requires_action');
    const later = visit.page.evaluate(
      (clientSecret) =>
        (globalThis as unknown as { shop: StripeOnPage }).shop.stripe
          .handleNextAction({ clientSecret })
          .then(({ paymentIntent }) => paymentIntent.status),
      await secretOf(),
    );
    await challenge().getByRole('button', { name: 'Approve the payment' }).click();
    expect(await later).toBe('requires_capture');
  });

  it('takes the bank’s dialog being closed for a no', async () => {
    visit = await shop.visit('payment');
    await visit.fillCard(cards.asks);
    await visit.pay();
    await visit.page.getByRole('button', { name: 'Close' }).click();
    await visit.status(/unable to authenticate/);
  });

  it('insists on elements.submit() when the secret comes later', async () => {
    visit = await shop.visit('deferred');
    await visit.fillCard(cards.approved);
    const secret = await secretOf();
    const refused = visit.page.evaluate((clientSecret) => {
      const { stripe, elements } = (globalThis as unknown as { shop: StripeOnPage }).shop;
      return stripe.confirmPayment({ elements, clientSecret, redirect: 'if_required' }).then(
        () => 'confirmed',
        (error: Error) => error.message,
      );
    }, secret);
    expect(await refused).toMatch('elements.submit()');
    expect(await chargesAfter()).toEqual([]);
  });
});

/** What of a browser's globals is looked at here. */
interface PageGlobals {
  seen: Seen;
  document: {
    body: object;
    querySelector(selector: string): { getBoundingClientRect(): { height: number } } | null;
  };
  getComputedStyle(element: object): { color: string };
}

interface StripeOnPage {
  elements: { getElement(type: string): unknown };
  stripe: {
    confirmCardPayment(secret: string, data: object, options: object): Promise<unknown>;
    confirmPayment(request: object): Promise<unknown>;
    handleNextAction(request: { clientSecret: string }): Promise<{ paymentIntent: { status: string } }>;
    retrievePaymentIntent(secret: string): Promise<{ paymentIntent: { status: string } }>;
  };
}

const isDark = () => {
  const { getComputedStyle: styleOf, document } = globalThis as unknown as PageGlobals;
  return styleOf(document.body).color === 'rgb(244, 246, 250)';
};
const isHigherThan = (height: number) => {
  const frame = (globalThis as unknown as PageGlobals).document.querySelector('iframe');
  return frame !== null && frame.getBoundingClientRect().height > height;
};
const challenge = () => visit.page.frameLocator('iframe[title="Authentication (test payments)"]');
const secretOf = async () => (await intentAfter()).client_secret ?? '';

async function barriersIn(frame: Frame): Promise<string[]> {
  await frame.evaluate(readFileSync(require.resolve('axe-core/axe.min.js'), 'utf8'));
  return frame.evaluate(async () => {
    const { axe } = globalThis as unknown as {
      axe: { run(options: object): Promise<{ violations: { id: string }[] }> };
    };
    // Headings and landmarks are the page's around it.
    const runOnly = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa'];
    return (await axe.run({ runOnly })).violations.map(({ id }) => id);
  });
}
