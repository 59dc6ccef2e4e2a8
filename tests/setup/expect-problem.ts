import type { Response } from 'supertest';

/** Checks the form of RFC 9457 and of our `errors` list, and returns the document. */
export function expectProblem(answer: Response, status: number, code?: string): Record<string, unknown> {
  expect([answer.status, answer.text]).toEqual([status, expect.any(String)]);
  expect(answer.headers['content-type']).toMatch('application/problem+json');
  expect(answer.body).toMatchObject({
    type: code ? `/problems/${code}` : expect.stringMatching(/^\/problems\/\w+$/),
    title: expect.stringMatching(/\w/),
    status,
    detail: expect.stringMatching(/\w/),
    instance: expect.stringMatching(/^\//),
  });
  const { errors } = answer.body as { errors: { message: unknown; field?: unknown }[] };
  expect(errors.length).toBeGreaterThan(0);
  for (const { message, field } of errors) {
    expect(message).toEqual(expect.stringMatching(/\w/));
    expect(['string', 'undefined']).toContain(typeof field);
  }
  return answer.body as Record<string, unknown>;
}
