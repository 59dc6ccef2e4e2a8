/** @jest-environment jsdom */
import { cleanup, render, screen } from '@testing-library/react';
import { call } from '@/api/call';
import { ApiError, unreachable } from '@/api/problem';
import TicketPage from '@/app/tickets/[id]/page';
import { callApi } from '@/server/transport';
import { currentVisitor } from '@/server/visitor';
import { aTicket } from '../a-ticket';

jest.mock('next/navigation', () => ({ useRouter: () => ({ push: jest.fn() }) }));
jest.mock('@/live/listing-stream', () => ({ listenToListing: () => () => {} }));
jest.mock('@/api/call', () => ({ ...jest.requireActual('@/api/call'), call: jest.fn() }));
jest.mock('@/server/refused-page', () => ({ refusedPage: jest.fn() }));
jest.mock('@/server/hold-time', () => ({ holdTime: () => '15 minutes' }));
jest.mock('@/server/transport', () => ({ callApi: jest.fn() }));
jest.mock('@/server/visitor', () => ({ currentVisitor: jest.fn() }));

const ticket = aTicket({ orderId: 'order-of-ada' });

function pageFor(accountId: string) {
  const account = { id: accountId, email: `${accountId}@example.com` };
  jest.mocked(currentVisitor).mockResolvedValue({ state: 'signedIn', account } as never);
  jest.mocked(callApi).mockImplementation(async (service) => {
    if (service === 'tickets') return { ok: true, body: ticket } as never;
    return (accountId === 'ada' ? { ok: true, body: {} } : { ok: false, problem: { status: 404 } }) as never;
  });
  return TicketPage({ params: Promise.resolve({ id: 't' }), searchParams: Promise.resolve({}) });
}

afterEach(cleanup);

test('When another account signs in, then a hold of the one before is not shown as theirs', async () => {
  jest.mocked(call).mockRejectedValue(new ApiError({ ...unreachable, status: 404 }));
  const { rerender } = render(await pageFor('ada'));
  expect(screen.getByRole('status').textContent).toBe('It is held for you.');

  rerender(await pageFor('bob'));
  expect(screen.getByRole('status').textContent).toContain('Somebody is buying this ticket.');
  expect(screen.queryByText('Go on to pay')).toBeNull();
});
