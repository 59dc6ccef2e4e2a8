/** @jest-environment jsdom */
import { cleanup, render, screen } from '@testing-library/react';
import SignOutPage from '@/app/signout/page';
import { keepDraft, keptDraft } from '@/forms/drafts';
import { currentVisitor } from '@/server/visitor';
import { Channels } from '../tab/channels';

jest.mock('next/navigation', () => ({ usePathname: () => '/signout', useRouter: () => ({}) }));
jest.mock('@/server/visitor', () => ({ currentVisitor: jest.fn() }));
const visitor = jest.mocked(currentVisitor);

const show = async (query: Record<string, string> = {}) =>
  render(await SignOutPage({ params: Promise.resolve({}), searchParams: Promise.resolve(query) }));
const typed = { title: 'Front row' };
let told: unknown[];

beforeEach(() => {
  Object.assign(globalThis, { BroadcastChannel: Channels });
  sessionStorage.clear();
  told = [];
  new Channels('session').onmessage = ({ data }) => told.push(data);
  keepDraft('/sell', 'ada', { typed, about: null });
});
afterEach(() => {
  cleanup();
  Channels.all = [];
});

test('Who is signed out reads so: it is where a browser without scripts comes to', async () => {
  visitor.mockResolvedValue({ state: 'signedOut' });
  await show();
  screen.getByRole('heading', { name: 'You are signed out' });
  expect(screen.queryByRole('button', { name: 'Sign out' })).toBeNull();
});

test('Who was signed out by the plain form leaves no drafts, and the other tabs are told', async () => {
  visitor.mockResolvedValue({ state: 'signedOut' });
  await show();
  expect(keptDraft('/sell', 'ada')).toBeUndefined();
  expect(told).toEqual(['changed']);
});

test.each(['signedIn', 'unknown'])('Who is %s can sign out, with and without scripts', async (state) => {
  visitor.mockResolvedValue({ state } as never);
  await show();
  const form = screen.getByRole('button', { name: 'Sign out' }).closest('form');
  expect([form?.method, form?.getAttribute('action')]).toEqual(['post', '/api/users/signout']);
  expect(keptDraft('/sell', 'ada')?.typed).toEqual(typed);
  expect(screen.queryByRole('alert')).toBeNull();
  expect(told).toEqual([]);
});

test.each(['signedIn', 'unknown'])(
  'Who is %s because it failed without scripts reads so, and can try again',
  async (state) => {
    visitor.mockResolvedValue({ state } as never);
    await show({ failed: '1' });
    expect(screen.getByRole('alert').textContent).toMatch(/^You are still signed in.*Try again/);
    screen.getByRole('button', { name: 'Sign out' });
  },
);

test('Who is signed out by now does not read that it failed', async () => {
  visitor.mockResolvedValue({ state: 'signedOut' });
  await show({ failed: '1' });
  expect(screen.queryByRole('alert')).toBeNull();
});
