/** @jest-environment jsdom */
import { act, cleanup, render, screen } from '@testing-library/react';
import { call } from '@/api/call';
import { ApiError } from '@/api/problem';
import { loadStripe } from '@/payment/load-stripe';
import { PaymentPanel } from '@/payment/payment-panel';
import { stripeInPage } from './stripe-in-page';

jest.mock('@/api/call', () => ({ ...jest.requireActual('@/api/call'), call: jest.fn() }));
jest.mock('@/payment/load-stripe', () => ({ ...jest.requireActual('@/payment/load-stripe'), loadStripe: jest.fn() }));
const api = jest.mocked(call);

const payment = { id: 'payment', clientSecret: 'pi_1_secret_2', publishableKey: 'pk_test_1', amount: 4500 };
const away = (retryAfterSeconds: number) =>
  new ApiError({ status: 502, code: 'about:blank', detail: 'broke off', errors: [], retryAfterSeconds });
const later = (ms: number) => act(() => jest.advanceTimersByTimeAsync(ms));
const show = () =>
  render(<PaymentPanel orderId="order" scriptAddress="/js" attempts={undefined} onChange={() => {}} />);

beforeEach(() => {
  jest.useFakeTimers();
  window.matchMedia ??= () => ({ matches: false, addEventListener() {}, removeEventListener() {} }) as never;
  jest.mocked(loadStripe).mockResolvedValue(stripeInPage().stripe);
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
  screen.getByRole('button', { name: /card form/ });
  expect(screen.queryByRole('button', { name: 'Try again' })).toBeNull();
});
