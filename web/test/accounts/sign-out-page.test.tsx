/** @jest-environment jsdom */
import { cleanup, render, screen } from '@testing-library/react';
import SignOutPage from '@/app/signout/page';
import { currentVisitor } from '@/server/visitor';

jest.mock('next/navigation', () => ({ usePathname: () => '/signout', useRouter: () => ({}) }));
jest.mock('@/server/visitor', () => ({ currentVisitor: jest.fn() }));
const visitor = jest.mocked(currentVisitor);

afterEach(cleanup);

test('Who is signed out reads so: it is where a browser without scripts comes to', async () => {
  visitor.mockResolvedValue({ state: 'signedOut' });
  render(await SignOutPage());
  screen.getByRole('heading', { name: 'You are signed out' });
  expect(screen.queryByRole('button', { name: 'Sign out' })).toBeNull();
});

test.each(['signedIn', 'unknown'])('Who is %s can sign out, with and without scripts', async (state) => {
  visitor.mockResolvedValue({ state } as never);
  render(await SignOutPage());
  const form = screen.getByRole('button', { name: 'Sign out' }).closest('form');
  expect([form?.method, form?.getAttribute('action')]).toEqual(['post', '/api/users/signout']);
});
