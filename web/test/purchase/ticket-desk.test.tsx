/** @jest-environment jsdom */
import { act, cleanup, render, screen, waitFor } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { call } from '@/api/call';
import { ApiError, unreachable } from '@/api/problem';
import { TicketDesk } from '@/purchase/ticket-desk';
import { aTicket } from '../a-ticket';
import { heard } from '../live/heard-stream';

const push = jest.fn();
jest.mock('next/navigation', () => ({ useRouter: () => ({ push: (path: string) => push(path) }) }));
jest.mock('@/live/listing-stream', () => jest.requireActual('../live/heard-stream'));
jest.mock('@/api/call', () => ({ ...jest.requireActual('@/api/call'), call: jest.fn() }));
const api = jest.mocked(call);

const ticket = aTicket();

/** Presses Buy; the answer comes when the test gives it. */
async function pressBuy() {
  let resolve: (order: unknown) => void = () => {};
  let reject: (error: ApiError) => void = () => {};
  api.mockReturnValueOnce(
    new Promise((answer, refuse) => {
      [resolve, reject] = [answer, refuse];
    }),
  );
  render(
    <TicketDesk
      initial={{ ticket, isGone: false, ownOrderId: undefined }}
      visitorId="ada"
      holdTime="15 minutes"
      comesBack={false}
    />,
  );
  await userEvent.click(screen.getByRole('button', { name: 'Buy this ticket' }));
  expect(api).toHaveBeenCalledTimes(1);
  const settled = (settle: () => void) => act(async () => settle());
  return {
    answer: (order: object) => settled(() => resolve(order)),
    refuse: (status: number) => settled(() => reject(new ApiError({ ...unreachable, status }))),
  };
}

beforeEach(() => {
  sessionStorage.clear();
  // As over plain http.
  Object.defineProperty(globalThis.crypto, 'randomUUID', { configurable: true, value: undefined });
});
afterEach(() => {
  cleanup();
  jest.resetAllMocks();
});

test('When the ticket is held, then the order comes', async () => {
  const { answer } = await pressBuy();
  await answer({ id: 'o' });
  await waitFor(() => expect(push).toHaveBeenCalledWith('/orders/o'));
});

test('When nobody is signed in, then signing in comes first', async () => {
  const { refuse } = await pressBuy();
  await refuse(401);
  await waitFor(() => expect(push).toHaveBeenCalledWith(expect.stringMatching(/^\/signin/)));
});

test('When the page was left before the ticket is held, then the visitor stays where they are', async () => {
  const { answer } = await pressBuy();
  cleanup();
  await answer({ id: 'o' });
  expect(push).not.toHaveBeenCalled();
});

test('When the page was left before the refusal, then nobody is sent to sign in, and nothing is bought afterwards', async () => {
  const { refuse } = await pressBuy();
  cleanup();
  await refuse(401);
  expect(push).not.toHaveBeenCalled();
  expect(sessionStorage.length).toBe(0);
});

describe('When the stream tells of the hold before the answer does', () => {
  /** Whose order it is stays open unless it is said. */
  async function pressBuyAndHear(own: Promise<unknown> = new Promise(() => undefined)) {
    const pressed = await pressBuy();
    api.mockReturnValueOnce(own);
    await act(async () =>
      heard.listener?.onChange({ change: 'removed', ticket: aTicket({ orderId: 'o', version: 2 }) }),
    );
    return pressed;
  }
  const wayOn = () => screen.queryByRole('link')?.textContent;

  test('then the button stays, so that the second click of two leads nowhere, and the order comes', async () => {
    const { answer } = await pressBuyAndHear();
    expect(wayOn()).toBeUndefined();
    await userEvent.click(screen.getByRole('button', { name: 'One moment…' }));
    await answer({ id: 'o' });
    expect(push.mock.calls).toEqual([['/orders/o']]);
  });

  test('and it is somebody else’s, then the refusal brings the way on', async () => {
    const { refuse } = await pressBuyAndHear();
    await refuse(409);
    expect(wayOn()).toBe('Find another ticket');
    expect(screen.queryByRole('button', { name: /Buy|moment/ })).toBeNull();
  });

  test('and it proves to be the visitor’s own, then the way on is that order', async () => {
    await pressBuyAndHear(Promise.resolve({ id: 'o' }));
    await waitFor(() =>
      expect(screen.getByRole('link', { name: 'Go on to pay' }).getAttribute('href')).toBe('/orders/o'),
    );
  });
});
