/** @jest-environment jsdom */
import { cleanup, render, screen } from '@testing-library/react';
import { redirect } from 'next/navigation';
import { type Problem, tooSlow, unreachable } from '@/api/problem';
import { answerWithStatus } from '@/server/answer-status';
import { refusedPage } from '@/server/refused-page';

jest.mock('next/navigation', () => ({ redirect: jest.fn() }));
jest.mock('@/server/answer-status', () => ({ answerWithStatus: jest.fn() }));

const refused = (status: number): Problem => ({ ...unreachable, status });
const show = (problem: Problem) => render(refusedPage(problem, '/orders?cursor=c', 'Your orders are away'));
const wayOn = () => screen.getByRole('link').getAttribute('href');

afterEach(() => {
  cleanup();
  jest.resetAllMocks();
});

test.each([
  ['Your orders are away', '/orders?cursor=c', 500, unreachable],
  ['Your orders are away', '/orders?cursor=c', 500, tooSlow],
  ['A little slower, please', '/orders?cursor=c', 429, refused(429)],
  ['We did not understand that', '/orders', 400, refused(400)],
  ['There is nothing in this row', '/', 404, refused(404)],
])('“%s” leads to %s, and is answered with %i', (title, href, status, problem) => {
  show(problem);
  expect(answerWithStatus).toHaveBeenCalledWith(status);
  expect(screen.getByRole('heading').textContent).toBe(title);
  expect(wayOn()).toBe(href);
});

test('Who is not signed in goes there, and comes back to where they were', () => {
  jest.mocked(redirect).mockImplementation(() => {
    throw new Error('elsewhere');
  });
  expect(() => refusedPage(refused(401), '/orders?cursor=c')).toThrow('elsewhere');
  expect(redirect).toHaveBeenCalledWith('/signin?next=%2Forders%3Fcursor%3Dc');
});
