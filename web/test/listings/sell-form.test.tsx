/** @jest-environment jsdom */
import { cleanup, render, screen, waitFor } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { openPage } from '@/accounts/open-page';
import { call } from '@/api/call';
import { ApiError, type Problem, unreachable } from '@/api/problem';
import { SellForm } from '@/listings/sell-form';

const push = jest.fn();
jest.mock('next/navigation', () => ({ useRouter: () => ({ push: (path: string) => push(path) }) }));
jest.mock('@/accounts/open-page', () => ({ openPage: jest.fn() }));
jest.mock('@/api/call', () => ({ ...jest.requireActual('@/api/call'), call: jest.fn() }));
const api = jest.mocked(call);

const refusal = (problem: Partial<Problem>) =>
  new ApiError({
    status: 400,
    code: 'InvalidInput',
    detail: 'Some of the input is not valid.',
    errors: [],
    ...problem,
  });

const title = () => screen.getByLabelText<HTMLInputElement>('Title');
const price = () => screen.getByLabelText<HTMLInputElement>('Price in US dollars');
const submit = () => userEvent.click(screen.getByRole('button', { name: 'List this ticket' }));

/** What a screen reader says of a field behind its name. */
const saidOf = (field: HTMLElement): string[] =>
  (field.getAttribute('aria-describedby') ?? '').split(' ').map((id) => document.getElementById(id)?.textContent ?? '');

async function typeTicket(): Promise<void> {
  await userEvent.type(title(), 'Front row');
  await userEvent.type(price(), '$45');
}

beforeEach(() => {
  sessionStorage.clear();
  render(<SellForm accountId="ada" />);
});
afterEach(() => {
  cleanup();
  jest.resetAllMocks();
});

describe('selling a ticket', () => {
  test('sends cents and goes to the ticket', async () => {
    api.mockResolvedValueOnce({ id: 't1' });
    await typeTicket();
    await submit();
    await waitFor(() => expect(push).toHaveBeenCalledWith('/tickets/t1'));
    const body = { title: 'Front row', price: 4500, venue: null, startsAt: null };
    expect(api).toHaveBeenCalledWith('/api/tickets', { method: 'POST', body });
  });

  test('shows what is missing beside each field, focuses the first and sends nothing', async () => {
    await submit();
    await screen.findByText('Give the ticket a title.');
    expect(saidOf(title())).toContain('Give the ticket a title.');
    expect(saidOf(price())).toContain('Give a price.');
    expect(document.activeElement).toBe(title());
    expect(api).not.toHaveBeenCalled();
  });

  test('shows what the API refuses beside its field, and keeps what was typed', async () => {
    const errors = [{ field: 'price', message: 'Too dear for this row.' }];
    api.mockRejectedValueOnce(refusal({ errors }));
    await typeTicket();
    await submit();
    await screen.findByText('Too dear for this row.');
    expect(saidOf(price())).toContain('Too dear for this row.');
    expect([document.activeElement, title().value, price().value]).toEqual([price(), 'Front row', '$45']);
  });

  test('without an answer it says so, keeps what was typed, and can be sent again', async () => {
    api.mockRejectedValueOnce(new ApiError(unreachable)).mockResolvedValueOnce({ id: 't2' });
    await typeTicket();
    await submit();
    await screen.findByText(/could not reach the marketplace.*may be there already/);
    expect([title().value, price().value]).toEqual(['Front row', '$45']);
    await submit();
    await waitFor(() => expect(push).toHaveBeenCalledWith('/tickets/t2'));
  });

  test('an answer that is none of the service does not say that nothing happened, either', async () => {
    api.mockRejectedValueOnce(refusal({ status: 502, code: '', detail: 'The marketplace cannot answer right now.' }));
    await typeTicket();
    await submit();
    await screen.findByText(/cannot answer right now.*may be there already/);
  });

  test('two presses send once, and after it is listed no more is sent', async () => {
    let answer: (ticket: { id: string }) => void = () => {};
    api.mockReturnValueOnce(new Promise((resolve) => (answer = resolve)));
    await typeTicket();
    const form = title().closest('form') as HTMLFormElement;
    form.requestSubmit();
    form.requestSubmit();
    await waitFor(() => expect(api).toHaveBeenCalled());
    form.requestSubmit();
    answer({ id: 't3' });
    await waitFor(() => expect(push).toHaveBeenCalled());
    form.requestSubmit();
    await screen.findByRole('button', { name: 'Listing…' });
    expect(api).toHaveBeenCalledTimes(1);
  });

  test('a lost session leads to sign in, and what was typed is there again for the same person only', async () => {
    api.mockRejectedValueOnce(refusal({ status: 401, code: 'NotSignedIn', detail: 'Sign in first.' }));
    await typeTicket();
    await submit();
    await waitFor(() => expect(openPage).toHaveBeenCalledWith('/signin?next=%2Fsell'));
    cleanup();
    render(<SellForm accountId="bob" />);
    expect(title().value).toBe('');
    cleanup();
    render(<SellForm accountId="ada" />);
    await screen.findByText('We kept what you had typed.');
    expect([title().value, price().value]).toEqual(['Front row', '$45']);
    await userEvent.click(screen.getByRole('button', { name: 'Discard it' }));
    expect(title().value).toBe('');
    expect(sessionStorage).toHaveLength(0);
  });
});
