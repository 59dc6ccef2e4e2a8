/** @jest-environment jsdom */
import { act, cleanup, render, screen } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { call } from '@/api/call';
import { ApiError, unreachable } from '@/api/problem';
import { DeleteListing } from '@/listings/delete-listing';

const refresh = jest.fn();
jest.mock('next/navigation', () => ({ useRouter: () => ({ refresh: () => refresh() }) }));
jest.mock('@/api/call', () => ({ ...jest.requireActual('@/api/call'), call: jest.fn() }));
const api = jest.mocked(call);

/** Asked, and not yet answered. */
async function pressDelete() {
  let answer: () => void = () => {};
  let refuse: (status: number) => void = () => {};
  api.mockReturnValueOnce(
    new Promise<void>((resolve, reject) => {
      answer = resolve;
      refuse = (status) => reject(new ApiError({ ...unreachable, status }));
    }),
  );
  render(<DeleteListing ticket={{ id: 't', title: 'Box 5' }} />);
  await userEvent.click(screen.getByRole('button', { name: 'Delete Box 5' }));
  await userEvent.click(screen.getByRole('button', { name: 'Delete ticket' }));
  return { answer: () => act(async () => answer()), refuse: (status: number) => act(async () => refuse(status)) };
}
const isAsked = () => document.querySelector('dialog')?.open;

beforeEach(() => {
  // jsdom knows the element, and not how it is opened.
  HTMLDialogElement.prototype.showModal = function () {
    this.open = true;
  };
  HTMLDialogElement.prototype.close = function () {
    this.open = false;
  };
});
afterEach(() => {
  cleanup();
  jest.resetAllMocks();
});

test('While it is under way the button says so, and pressing again does nothing more', async () => {
  const { answer } = await pressDelete();
  await userEvent.click(screen.getByRole('button', { name: 'Deleting…' }));
  expect(api).toHaveBeenCalledTimes(1);
  await answer();
  expect([isAsked(), refresh.mock.calls.length]).toEqual([false, 1]);
});

test('What is gone already is deleted; what is being bought is not, and the list shows it', async () => {
  const gone = await pressDelete();
  await gone.refuse(404);
  expect([isAsked(), refresh.mock.calls.length]).toEqual([false, 1]);
  cleanup();
  const held = await pressDelete();
  await held.refuse(409);
  expect([isAsked(), refresh.mock.calls.length]).toEqual([false, 2]);
});

test('Without an answer the question stays, says why, and can be answered again', async () => {
  const { refuse } = await pressDelete();
  await refuse(503);
  expect(screen.getByRole('alert').textContent).toContain('could not reach the marketplace');
  api.mockResolvedValueOnce(undefined);
  await userEvent.click(screen.getByRole('button', { name: 'Delete ticket' }));
  expect(isAsked()).toBe(false);
});
