/** @jest-environment jsdom */
import { cleanup, render, screen, waitFor } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { call } from '@/api/call';
import { ApiError, unreachable } from '@/api/problem';
import type { ETicketCheck } from '@/api/types';
import { DoorCheck } from '@/door/door-check';

jest.mock('@/api/call', () => ({ ...jest.requireActual('@/api/call'), call: jest.fn() }));
const api = jest.mocked(call);

const valid: ETicketCheck = {
  verdict: 'valid',
  forgery: null,
  ticket: { id: 't', title: 'Ada and the Engines' },
  orderId: 'o',
  usedAt: '2026-12-11T18:52:07.000Z',
  refundedAt: null,
};
const field = () => screen.getByLabelText<HTMLInputElement>('Code of the e-ticket');
const heading = (name: string) => screen.findByRole('heading', { name });
const keysSent = () => api.mock.calls.map(([, options]) => options?.headers?.['idempotency-key']);

beforeEach(() => {
  // As over plain http.
  Object.defineProperty(globalThis.crypto, 'randomUUID', { configurable: true, value: undefined });
  render(<DoorCheck />);
});
afterEach(() => {
  cleanup();
  jest.resetAllMocks();
});

test('When a code is scanned by hand and Enter comes with it, then the verdict is told, and Enter goes on to the next', async () => {
  api.mockResolvedValue(valid);
  await userEvent.type(field(), 'RF1.ONE{Enter}');
  await heading('Valid: let them in');
  expect(screen.getByRole('status').textContent).toContain('Ada and the Engines');
  expect(api).toHaveBeenCalledWith('/api/tickets/verify', expect.objectContaining({ body: { code: 'RF1.ONE' } }));
  const next = screen.getByRole('button', { name: 'Next guest' });
  await waitFor(() => expect(document.activeElement).toBe(next));
  expect(screen.getByText('Let in from this page:').textContent).toContain('1');

  await userEvent.keyboard('{Enter}');
  await waitFor(() => expect(document.activeElement).toBe(field()));
  expect(field().value).toBe('');
  await userEvent.type(field(), 'RF1.TWO{Enter}');
  await heading('Valid: let them in');
  expect(new Set(keysSent()).size).toBe(2);
});

test('When the seller only looks, then nobody is let in', async () => {
  api.mockResolvedValue({ ...valid, usedAt: null });
  await userEvent.type(field(), 'RF1.ONE');
  await userEvent.click(screen.getByRole('button', { name: 'Only look' }));
  await heading('Valid, not used yet');
  expect(api.mock.calls[0]?.[1]?.body).toEqual({ code: 'RF1.ONE', look: true });
  expect(screen.getByText('Let in from this page:').textContent).toContain('0');
});

test('When no answer came, then the same code is asked about again under the same key', async () => {
  api.mockRejectedValue(new ApiError(unreachable));
  await userEvent.type(field(), 'RF1.ONE{Enter}');
  await screen.findByRole('heading', { name: 'Could not be checked' }, { timeout: 10_000 });
  api.mockResolvedValue(valid);
  await userEvent.click(screen.getByRole('button', { name: 'Check it again' }));
  expect(field().value).toBe('RF1.ONE');
  await userEvent.type(field(), '{Enter}');
  await heading('Valid: let them in');
  expect(new Set(keysSent()).size).toBe(1);
});

test('When the seller looks after a let-in without an answer, then the look has a key of its own and the let-in keeps its', async () => {
  const refused = new ApiError({ ...unreachable, status: 429 });
  api.mockRejectedValueOnce(refused);
  await userEvent.type(field(), 'RF1.ONE{Enter}');
  await heading('Could not be checked');
  await userEvent.click(screen.getByRole('button', { name: 'Check it again' }));

  api.mockResolvedValue({ ...valid, usedAt: null });
  await userEvent.click(screen.getByRole('button', { name: 'Only look' }));
  await heading('Valid, not used yet');
  await userEvent.click(screen.getByRole('button', { name: 'Next guest' }));

  api.mockResolvedValue(valid);
  await userEvent.type(field(), 'RF1.ONE{Enter}');
  await heading('Valid: let them in');
  const [letIn, look, again] = keysSent();
  expect(look).not.toBe(letIn);
  expect(again).toBe(letIn);
});

test('When a look had no answer, then letting in is another showing', async () => {
  api.mockRejectedValueOnce(new ApiError({ ...unreachable, status: 429 }));
  await userEvent.type(field(), 'RF1.ONE');
  await userEvent.click(screen.getByRole('button', { name: 'Only look' }));
  await heading('Could not be checked');
  await userEvent.click(screen.getByRole('button', { name: 'Check it again' }));

  api.mockResolvedValue(valid);
  await userEvent.type(field(), '{Enter}');
  await heading('Valid: let them in');
  expect(new Set(keysSent()).size).toBe(2);
});

test('When it is of an event of others, then the next guest begins with an empty field', async () => {
  api.mockRejectedValueOnce(new ApiError({ ...unreachable, status: 404 }));
  await userEvent.type(field(), 'RF1.ONE{Enter}');
  await heading('Not your event');
  await userEvent.click(screen.getByRole('button', { name: 'Next guest' }));
  expect(field().value).toBe('');
});

test('When the browser has no camera, then it says what else to do', async () => {
  await userEvent.click(screen.getByRole('button', { name: 'Scan with the camera' }));
  expect((await screen.findByText(/The camera cannot be used here/)).getAttribute('role')).toBe('alert');
});
