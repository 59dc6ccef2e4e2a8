/** @jest-environment jsdom */
import { act, cleanup, fireEvent, render, screen, waitFor } from '@testing-library/react';
import { startTransition, useState } from 'react';
import { NothingCharged } from '@/accounts/nothing-charged';
import { openPage } from '@/accounts/open-page';
import { call } from '@/api/call';
import { ApiError } from '@/api/problem';
import { loadStripe } from '@/payment/load-stripe';
import { PaymentPanel } from '@/payment/payment-panel';
import { stripeInPage } from './stripe-in-page';

jest.mock('@/accounts/open-page', () => ({ openPage: jest.fn() }));
jest.mock('@/api/call', () => ({ ...jest.requireActual('@/api/call'), call: jest.fn() }));
jest.mock('@/payment/load-stripe', () => ({ ...jest.requireActual('@/payment/load-stripe'), loadStripe: jest.fn() }));
const api = jest.mocked(call);

const payment = { id: 'payment', clientSecret: 'pi_1_secret_2', publishableKey: 'pk_test_1', amount: 4500 };
const away = (retryAfterSeconds: number) =>
  new ApiError({ status: 502, code: 'about:blank', detail: 'broke off', errors: [], retryAfterSeconds });
const later = (ms: number) => act(() => jest.advanceTimersByTimeAsync(ms));
let moveOn: () => void;
function Page() {
  const [isShown, setShown] = useState(true);
  moveOn = () => startTransition(() => setShown(false));
  return isShown && <PaymentPanel orderId="order" scriptAddress="/js" attempts={undefined} onChange={() => {}} />;
}
const show = () => render(<Page />);

let page: ReturnType<typeof stripeInPage>;

beforeEach(() => {
  jest.useFakeTimers();
  window.matchMedia ??= () => ({ matches: false, addEventListener() {}, removeEventListener() {} }) as never;
  sessionStorage.clear();
  page = stripeInPage();
  jest.mocked(loadStripe).mockResolvedValue(page.stripe);
});
afterEach(() => {
  cleanup();
  jest.useRealTimers();
  jest.resetAllMocks();
});

test('A form that payments could not open comes by itself once they answer, no sooner than they want', async () => {
  api.mockRejectedValue(away(5));
  show();
  await later(0);
  screen.getByText(/Your ticket is still held/);
  await later(4_900);
  expect(api).toHaveBeenCalledTimes(1);
  await later(5_000);
  expect(api).toHaveBeenCalledTimes(2);
  screen.getByRole('button', { name: 'Try again' });

  api.mockResolvedValue(payment);
  await later(15_000);
  screen.getByRole('button', { name: /^Pay / });
  expect(screen.queryByRole('button', { name: 'Try again' })).toBeNull();
});

describe('When "Pay" is pressed', () => {
  let answerSession: (currentUser: { id: string } | null) => void;

  async function pressPay() {
    api.mockImplementation((path) =>
      path === '/api/payments'
        ? Promise.resolve(payment)
        : new Promise((resolve) => {
            answerSession = (currentUser) => resolve({ currentUser });
          }),
    );
    const shown = show();
    await later(100);
    fireEvent.click(screen.getByRole('button', { name: /^Pay / }));
    return shown;
  }
  async function sessionIs(currentUser: { id: string } | null) {
    answerSession(currentUser);
    await later(0);
  }
  const signInPage = () => render(<NothingCharged next="/orders/order" />).container.textContent;

  test('and the page goes while the card is sent, then Stripe.js fails, and that is no fault to report', async () => {
    globalThis.reportError = jest.fn();
    await pressPay();
    await sessionIs({ id: 'ada' });
    expect(page.confirmPayment).toHaveBeenCalledTimes(1);
    // Outside of `act`, which would run every effect before anything else learns that the fields are gone.
    jest.useRealTimers();
    Object.assign(globalThis, { IS_REACT_ACT_ENVIRONMENT: false });
    moveOn();
    await waitFor(() => expect(page.isDestroyed()).toBe(true));
    Object.assign(globalThis, { IS_REACT_ACT_ENVIRONMENT: true });
    expect(reportError).not.toHaveBeenCalled();
    expect(signInPage()).toBe('');
  });

  test('and the session is over, then no card is sent, and sign-in says that nothing was charged', async () => {
    await pressPay();
    await sessionIs(null);
    expect(openPage).toHaveBeenCalledWith('/signin?next=%2Forders%2Forder');
    expect(page.confirmPayment).not.toHaveBeenCalled();
    cleanup();
    expect(signInPage()).toContain('nothing was charged');
    expect(render(<NothingCharged next="/orders/other" />).container.textContent).toBe('');
  });

  test('and the page has moved to sign in before that is known, then it is said there as soon as it is', async () => {
    const { unmount } = await pressPay();
    unmount();
    expect(signInPage()).toBe('');
    await sessionIs(null);
    screen.getByText(/nothing was charged/);
    expect(openPage).not.toHaveBeenCalled();
    cleanup();

    await act(async () => show());
    await later(0);
    cleanup();
    expect(signInPage()).toBe('');
  });
});
