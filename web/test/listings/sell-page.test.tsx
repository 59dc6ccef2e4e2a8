/** @jest-environment jsdom */
import { cleanup, render, screen } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import SellPage from '@/app/sell/page';
import { requireVisitor } from '@/server/require-visitor';

jest.mock('@/server/hold-time', () => ({ holdTime: () => '15 minutes' }));
jest.mock('next/navigation', () => ({ useRouter: () => ({ push: jest.fn() }) }));
jest.mock('@/server/require-visitor', () => ({ requireVisitor: jest.fn() }));

afterEach(cleanup);

function pageFor(accountId: string) {
  const account = { id: accountId, email: `${accountId}@example.com` };
  jest.mocked(requireVisitor).mockResolvedValue({ state: 'signedIn', account } as never);
  return SellPage();
}

test('When another account signs in, then the form is empty', async () => {
  const title = () => screen.getByLabelText<HTMLInputElement>('Title');
  const { rerender } = render(await pageFor('ada'));
  await userEvent.type(title(), 'Front row');
  rerender(await pageFor('ada'));
  expect(title().value).toBe('Front row');
  rerender(await pageFor('bob'));
  expect(title().value).toBe('');
});
