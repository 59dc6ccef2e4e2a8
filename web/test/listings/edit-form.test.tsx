/** @jest-environment jsdom */
import { act, cleanup, render, screen, waitFor } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { call } from '@/api/call';
import { ApiError, unreachable } from '@/api/problem';
import type { Ticket } from '@/api/types';
import { onAnnounce } from '@/components/announce';
import { EditForm } from '@/listings/edit-form';
import { aTicket } from '../a-ticket';
import { heard } from '../live/heard-stream';

jest.mock('next/navigation', () => ({ useRouter: () => ({ push: jest.fn(), refresh: jest.fn() }) }));
jest.mock('@/api/call', () => ({ ...jest.requireActual('@/api/call'), call: jest.fn() }));
jest.mock('@/live/listing-stream', () => jest.requireActual('../live/heard-stream'));
const api = jest.mocked(call);

const asTicket = (more: Partial<Ticket> = {}): Ticket => aTicket({ id: 't1', userId: 'ada', ...more });
const begunLine = 'The event has begun, so this ticket is no longer for sale. A later date puts it up again.';
const saidOfBegun = () => screen.queryByText(begunLine) !== null;
const told = () => screen.queryByRole('alert')?.textContent || undefined;
const show = (ticket: Ticket) => render(<EditForm ticket={ticket} accountId="ada" />);
const save = () => userEvent.click(screen.getByRole('button', { name: 'Save changes' }));

let announced: string[] = [];
let hearNoMore: () => void;

beforeEach(() => {
  sessionStorage.clear();
  announced = [];
  hearNoMore = onAnnounce((message) => announced.push(message));
});
afterEach(() => {
  hearNoMore();
  cleanup();
  jest.resetAllMocks();
});

describe('what was saved', () => {
  const startsAt = '2020-05-01T19:00:00Z';

  test('When it is for sale, then buyers see it', async () => {
    show(asTicket());
    expect(saidOfBegun()).toBe(false);
    api.mockResolvedValueOnce(asTicket({ version: 2 }));
    await save();
    await waitFor(() => expect(announced).toEqual(['Saved. Buyers see the change now.']));
  });

  test('When its event has begun and the date stays, then nobody is said to see it, and the seller reads what helps', async () => {
    show(asTicket({ begun: true, startsAt }));
    expect(saidOfBegun()).toBe(true);
    api.mockResolvedValueOnce(asTicket({ begun: true, startsAt, version: 2 }));
    await save();
    await waitFor(() => expect(announced).toEqual([`Saved. ${begunLine}`]));
    expect(api.mock.calls[0]?.[1]?.body).not.toHaveProperty('startsAt');
  });

  test('When it was put up again, then buyers see it', async () => {
    show(asTicket({ begun: true, startsAt }));
    api.mockResolvedValueOnce(asTicket({ version: 2 }));
    await save();
    await waitFor(() => expect(announced).toEqual(['Saved. Buyers see the change now.']));
  });

  test('When somebody gave it a later date meanwhile, then it is no longer said to have begun', async () => {
    show(asTicket({ begun: true, startsAt }));
    api
      .mockRejectedValueOnce(new ApiError({ status: 412, code: 'Stale', detail: 'Stale.', errors: [] }))
      .mockResolvedValueOnce(asTicket({ startsAt: '2999-05-01T19:00:00Z', version: 2 }));
    await save();
    await screen.findByText(/was changed meanwhile/);
    expect(saidOfBegun()).toBe(false);
    expect(announced).toEqual([]);
  });
});

describe('a ticket that somebody is buying', () => {
  const detail = 'Somebody is buying this ticket. If they do not pay in time, you can change it again.';
  const sold = 'It is sold and belongs to its buyer.';

  beforeEach(async () => {
    show(asTicket());
    api.mockRejectedValueOnce(new ApiError({ status: 409, code: 'TicketHeld', detail, errors: [] }));
    await save();
    await waitFor(() => expect(told()).toBe(detail));
  });

  test('When the buyer lets go of it, then it is no longer said that somebody is buying it', async () => {
    await act(async () => heard.listener?.onChange({ change: 'listed', ticket: asTicket({ id: 'another' }) }));
    await act(async () => heard.listener?.onChange({ change: 'changed', ticket: asTicket({ orderId: 'o1' }) }));
    expect(told()).toBe(detail);
    await act(async () => heard.listener?.onChange({ change: 'listed', ticket: asTicket({ version: 3 }) }));
    expect(told()).toBeUndefined();
    expect(heard.listener).toBeUndefined();
  });

  test('When that was missed, then it is looked up; without an answer nothing is taken back', async () => {
    api.mockRejectedValueOnce(new ApiError(unreachable));
    await act(async () => heard.listener?.onGap());
    expect(told()).toBe(detail);
    api.mockResolvedValueOnce(asTicket({ version: 3 }));
    await act(async () => heard.listener?.onGap());
    await waitFor(() => expect(told()).toBeUndefined());
    expect(saidOfBegun()).toBe(false);
  });

  test('When its event has begun by the time it is looked up, then that is said instead', async () => {
    api.mockResolvedValueOnce(asTicket({ begun: true, version: 4 }));
    await act(async () => heard.listener?.onGap());
    await waitFor(() => expect(told()).toBeUndefined());
    expect(saidOfBegun()).toBe(true);
    expect(heard.listener).toBeUndefined();
  });

  test('When it is sold, then that is said instead', async () => {
    await act(async () =>
      heard.listener?.onChange({ change: 'removed', ticket: asTicket({ orderId: 'o1', sold: true }) }),
    );
    expect(told()).toBe(sold);
    expect(heard.listener).toBeUndefined();
  });

  test('When the sale was missed, then it is looked up and said', async () => {
    api.mockResolvedValueOnce(asTicket({ orderId: 'o1', sold: true, version: 3 }));
    await act(async () => heard.listener?.onGap());
    await waitFor(() => expect(told()).toBe(sold));
  });
});
