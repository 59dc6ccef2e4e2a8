import { call } from '@/api/call';
import { type ApiError, type Problem, problemOf } from '@/api/problem';

afterEach(() => jest.restoreAllMocks());

test('A problem document is read whole', async () => {
  const document = {
    type: '/problems/PriceChanged',
    detail: 'Look again.',
    price: 4_900,
    orderId: 'o',
    errors: [{ message: 'Too short.', field: 'title' }, { message: 'Odd.', field: 'title' }, { nonsense: true }],
  };
  const problem = await problemOf(Response.json(document, { status: 409, headers: { 'retry-after': '2' } }));
  expect(problem).toMatchObject({
    status: 409,
    code: 'PriceChanged',
    price: 4_900,
    orderId: 'o',
    retryAfterSeconds: 2,
  });
  expect(problem.errors).toEqual([
    { message: 'Too short.', field: 'title' },
    { message: 'Odd.', field: 'title' },
  ]);
});

test.each([
  ['a page of a proxy', '<html>', 502],
  ['nothing', '', 503],
  ['another JSON', '[null]', 500],
])('%s is still a sentence', async (_name, body, status) => {
  const problem = await problemOf(new Response(body, { status }));
  expect(problem).toMatchObject({ status, detail: expect.stringMatching(/Try again/), errors: [] });
});

test.each([
  [new TypeError('Failed to fetch'), 'Unreachable'],
  [new DOMException('late', 'TimeoutError'), 'TooSlow'],
])('No answer is a problem, too: %s', async (error, code) => {
  jest.spyOn(globalThis, 'fetch').mockRejectedValue(error);
  const problem = await call('/api/tickets').then(
    (): Problem => {
      throw new Error('answered');
    },
    (thrown: ApiError) => thrown.problem,
  );
  expect(problem.code).toBe(code);
});

test('204 is an answer', async () => {
  jest.spyOn(globalThis, 'fetch').mockResolvedValue(new Response(null, { status: 204 }));
  await expect(call('/api/users/signout', { method: 'POST' })).resolves.toBeUndefined();
});

test('The headers of every answer are told, also of a refusal', async () => {
  const told: (string | null)[] = [];
  const onHeaders = (headers: Headers) => told.push(headers.get('date'));
  const date = 'Sat, 21 Nov 2026 12:00:00 GMT';
  jest
    .spyOn(globalThis, 'fetch')
    .mockResolvedValueOnce(Response.json({}, { headers: { date } }))
    .mockResolvedValueOnce(Response.json({}, { status: 404, headers: { date } }));
  await call('/api/orders/1', { onHeaders });
  await expect(call('/api/orders/1', { onHeaders })).rejects.toThrow();
  expect(told).toEqual([date, date]);
});
