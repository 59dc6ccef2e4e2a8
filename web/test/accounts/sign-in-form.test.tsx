/** @jest-environment jsdom */
import { cleanup, render, screen, waitFor } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { openPage } from '@/accounts/open-page';
import { sessionChanges } from '@/accounts/session-channel';
import { SignInForm } from '@/accounts/sign-in-form';
import { call } from '@/api/call';
import { ApiError } from '@/api/problem';

jest.mock('@/accounts/open-page', () => ({ openPage: jest.fn() }));
jest.mock('@/accounts/session-channel', () => ({ sessionChanges: { tell: jest.fn() } }));
jest.mock('@/api/call', () => ({ ...jest.requireActual('@/api/call'), call: jest.fn() }));
const api = jest.mocked(call);

const email = () => screen.getByLabelText<HTMLInputElement>('E-mail address');
const password = () => screen.getByLabelText<HTMLInputElement>('Password');
const submit = () => userEvent.click(screen.getByRole('button', { name: 'Sign in' }));

async function typeCredentials(): Promise<void> {
  await userEvent.type(email(), 'ada@example.com');
  await userEvent.type(password(), 'correct horse');
}

beforeEach(() => {
  sessionStorage.clear();
  render(<SignInForm next="/sell" />);
});
afterEach(() => {
  cleanup();
  jest.resetAllMocks();
});

describe('signing in', () => {
  test('goes on where the visitor was, and tells the other tabs', async () => {
    api.mockResolvedValueOnce({});
    await typeCredentials();
    await submit();
    await waitFor(() => expect(openPage).toHaveBeenCalledWith('/sell'));
    const body = { email: 'ada@example.com', password: 'correct horse' };
    expect(api).toHaveBeenCalledWith('/api/users/signin', { method: 'POST', body });
    expect(sessionChanges.tell).toHaveBeenCalledTimes(1);
  });

  test('says what is missing and focuses it', async () => {
    await submit();
    await screen.findByText('Give your password.');
    expect(email().getAttribute('aria-invalid')).toBe('true');
    expect(document.activeElement).toBe(email());
    expect(api).not.toHaveBeenCalled();
  });

  test('a wrong password is told above, what was typed stays, and no password is stored', async () => {
    const detail = 'E-mail address and password do not belong together.';
    api.mockRejectedValueOnce(
      new ApiError({ status: 401, code: 'WrongCredentials', detail, errors: [{ message: detail }] }),
    );
    await typeCredentials();
    await submit();
    await waitFor(() => expect(screen.getByRole('alert').textContent).toBe(detail));
    expect([email().value, password().value]).toEqual(['ada@example.com', 'correct horse']);
    expect(sessionStorage).toHaveLength(0);
    expect(openPage).not.toHaveBeenCalled();
  });

  test('leads to a new account and on to the same place', () =>
    expect(screen.getByRole('link', { name: 'Create an account' }).getAttribute('href')).toBe('/signup?next=%2Fsell'));
});
