/** @jest-environment jsdom */
import { act, cleanup, render, screen, waitFor } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { call } from '@/api/call';
import { ApiError, unreachable } from '@/api/problem';
import type { Ticket } from '@/api/types';
import { EditForm } from '@/listings/edit-form';
import type { ListingListener } from '@/live/listing-stream';

jest.mock('next/navigation', () => ({ useRouter: () => ({ push: jest.fn(), refresh: jest.fn() }) }));
jest.mock('@/api/call', () => ({ ...jest.requireActual('@/api/call'), call: jest.fn() }));
let stream: ListingListener | undefined;
jest.mock('@/live/listing-stream', () => ({
  listenToListing: (listener: ListingListener) => {
    stream = listener;
    return () => {
      stream = undefined;
    };
  },
}));
const api = jest.mocked(call);

const ticket = { id: 't1', title: 'Front row', price: 4_500, userId: 'ada', orderId: null, sold: false, version: 1 };
const asTicket = (more: Partial<Ticket> = {}) => ({ ...ticket, ...more }) as Ticket;
const detail = 'Somebody is buying this ticket. If they do not pay in time, you can change it again.';
const told = () => screen.queryByRole('alert')?.textContent || undefined;

beforeEach(async () => {
  sessionStorage.clear();
  render(<EditForm ticket={asTicket()} accountId="ada" />);
  api.mockRejectedValueOnce(new ApiError({ status: 409, code: 'TicketHeld', detail, errors: [] }));
  await userEvent.click(screen.getByRole('button', { name: 'Save changes' }));
  await waitFor(() => expect(told()).toBe(detail));
});
afterEach(() => {
  cleanup();
  jest.resetAllMocks();
});

test('When a buyer lets go of the ticket, then it is no longer said that somebody is buying it', async () => {
  await act(async () => stream?.onChange({ change: 'listed', ticket: asTicket({ id: 'another' }) }));
  await act(async () => stream?.onChange({ change: 'changed', ticket: asTicket({ orderId: 'o1' }) }));
  expect(told()).toBe(detail);
  await act(async () => stream?.onChange({ change: 'listed', ticket: asTicket({ version: 3 }) }));
  expect(told()).toBeUndefined();
  expect(stream).toBeUndefined();
});

test('When that was missed, then it is looked up; without an answer nothing is taken back', async () => {
  api.mockRejectedValueOnce(new ApiError(unreachable));
  await act(async () => stream?.onGap());
  expect(told()).toBe(detail);
  api.mockResolvedValueOnce(asTicket({ version: 3 }));
  await act(async () => stream?.onGap());
  await waitFor(() => expect(told()).toBeUndefined());
});
