/** @jest-environment jsdom */
import { cleanup, render, screen } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { OfOneAccount } from '@/accounts/of-one-account';

afterEach(cleanup);

const page = (accountId: string | undefined) => (
  <OfOneAccount accountId={accountId}>
    <input aria-label="Title" />
  </OfOneAccount>
);
const title = () => screen.getByLabelText<HTMLInputElement>('Title').value;

test('When another account signs in, then nothing of what was typed is left', async () => {
  const { rerender } = render(page('ada'));
  await userEvent.type(screen.getByLabelText('Title'), 'Front row');
  rerender(page('bob'));
  expect(title()).toBe('');
});

test('When it is not known for a while who is signed in, then what is typed stays, and is nobody else’s', async () => {
  const { rerender } = render(page(undefined));
  await userEvent.type(screen.getByLabelText('Title'), 'Front row');
  rerender(page('ada'));
  rerender(page(undefined));
  rerender(page('ada'));
  expect(title()).toBe('Front row');
  rerender(page(undefined));
  rerender(page('bob'));
  expect(title()).toBe('');
});
