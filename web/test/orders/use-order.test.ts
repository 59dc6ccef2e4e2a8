/** @jest-environment jsdom */
import { act, cleanup, renderHook } from '@testing-library/react';
import { call } from '@/api/call';
import { ApiError, unreachable } from '@/api/problem';
import type { Order } from '@/api/types';
import { useOrder } from '@/orders/use-order';
import { Channels } from '../tab/channels';

jest.mock('@/api/call', () => ({ ...jest.requireActual('@/api/call'), call: jest.fn() }));
const api = jest.mocked(call);

const nowMs = Date.UTC(2026, 10, 21, 12);
const order = (version: number, more: Partial<Order> = {}) =>
  ({
    id: 'order',
    status: 'AwaitingPayment',
    expiresAt: new Date(nowMs + 900_000).toISOString(),
    version,
    ...more,
  }) as Order;

const isOnline = (online: boolean) => jest.spyOn(navigator, 'onLine', 'get').mockReturnValue(online);
const later = (ms: number) => act(() => jest.advanceTimersByTimeAsync(ms));
const tell = (orderId: string) => act(async () => new Channels('orders').postMessage(orderId));
/** How often the order was asked for. */
const looks = () => api.mock.calls.filter(([path]) => path === '/api/orders/order').length;

function answerWith(now: Order | Error) {
  api.mockImplementation(async (path) => {
    if (now instanceof Error) throw now;
    return path.startsWith('/api/orders/') ? now : { items: [] };
  });
}

async function watch() {
  const { result } = renderHook(() => useOrder({ order: order(1), charges: [] }, nowMs));
  await later(0);
  return () => result.current;
}

beforeEach(() => {
  jest.useFakeTimers();
  Channels.all = [];
  Object.assign(globalThis, { BroadcastChannel: Channels });
  answerWith(order(1));
});
afterEach(() => {
  cleanup();
  jest.useRealTimers();
  jest.restoreAllMocks();
  api.mockReset();
});

test('It is read when the page opens, and for a while again: the page before may have paid', async () => {
  const watched = await watch();
  expect(looks()).toBe(1);
  answerWith(order(2, { status: 'Completed' }));
  await later(1_000);
  expect(watched().stage).toBe('completed');
  const known = looks();
  await later(30_000);
  expect(looks()).toBe(known);
});

test('What another tab did to it is looked at; what it did to another order is not', async () => {
  const watched = await watch();
  // Nothing is expected any more, and it is between the looks of each minute.
  await later(90_000);
  const before = looks();
  await tell('another');
  expect(looks()).toBe(before);
  answerWith(order(2, { status: 'Cancelled' }));
  await tell('order');
  expect(watched().stage).toBe('cancelled');
});

test('What this tab is about to change it looks at once, and the others are told', async () => {
  const watched = await watch();
  await later(90_000);
  const before = looks();
  const told: unknown[] = [];
  new Channels('orders').onmessage = ({ data }) => told.push(data);
  await act(async () => watched().expectChange());
  expect([looks() - before, told]).toEqual([1, ['order']]);
});

test('When it cannot be read, then the page says why; without any connection the page as a whole does', async () => {
  const watched = await watch();
  answerWith(new ApiError(unreachable));
  isOnline(false);
  await act(() => watched().look());
  expect(watched().problem).toBeUndefined();
  isOnline(true);
  await act(() => watched().look());
  expect(watched().problem?.code).toBe('Unreachable');
  answerWith(order(1));
  await act(() => watched().look());
  expect(watched().problem).toBeUndefined();
});
