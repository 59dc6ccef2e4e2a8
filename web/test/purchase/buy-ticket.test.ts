import { ApiError } from '@/api/problem';
import { buyTicket } from '@/purchase/buy-ticket';

const attempt = { ticketId: 't', price: 4_500, key: 'k' };
const order = { id: 'o' };
const answer = (status: number, body: object, headers: Record<string, string> = {}) =>
  new Response(JSON.stringify(body), { status, headers });

/** Answers one after the other; an error stands for a connection that broke. */
function api(...answers: (Response | Error)[]) {
  const sent: { key: string | null; body: unknown }[] = [];
  jest.spyOn(globalThis, 'fetch').mockImplementation(async (_path, init) => {
    sent.push({ key: new Headers(init?.headers).get('idempotency-key'), body: JSON.parse(String(init?.body)) });
    const next = answers.shift();
    if (next instanceof Error) throw next;
    return next ?? answer(500, {});
  });
  return sent;
}

function waits() {
  const seconds: number[] = [];
  return {
    seconds,
    options: { onWaiting: (each: number) => seconds.push(each), isStillWanted: () => true, pause: async () => {} },
  };
}

afterEach(() => jest.restoreAllMocks());

test('When it is not known whether the ticket is held, the same request goes again, as politely as it is asked to', async () => {
  const sent = api(answer(503, {}, { 'retry-after': '3' }), new TypeError('fetch failed'), answer(201, order));
  const { seconds, options } = waits();
  await expect(buyTicket(attempt, options)).resolves.toEqual(order);
  expect(seconds).toEqual([3, 2]);
  expect(sent).toEqual(Array(3).fill({ key: 'k', body: { ticketId: 't', price: 4_500 } }));
});

test.each([401, 403, 404, 409])('A refusal with %i is not asked again', async (status) => {
  const sent = api(answer(status, { type: '/problems/TicketTaken', detail: 'No.' }));
  await expect(buyTicket(attempt, waits().options)).rejects.toMatchObject({ problem: { status, code: 'TicketTaken' } });
  expect(sent.length).toBe(1);
});

test('It gives up after five, with the last failure', async () => {
  const sent = api();
  await expect(buyTicket(attempt, waits().options)).rejects.toThrow(ApiError);
  expect(sent.length).toBe(5);
});

test('Nobody waits long before the button: who would have to is told for how long', async () => {
  const sent = api(answer(429, { detail: 'Too many attempts.' }, { 'retry-after': '300' }));
  const { seconds, options } = waits();
  await expect(buyTicket(attempt, options)).rejects.toMatchObject({
    problem: { status: 429, detail: expect.stringContaining('Try again in 5 minutes.') },
  });
  expect([sent.length, seconds]).toEqual([1, []]);
});

test('When the page was left during a wait, then it is not asked again', async () => {
  const sent = api(answer(503, {}), answer(201, order));
  const options = { ...waits().options, isStillWanted: () => false };
  await expect(buyTicket(attempt, options)).rejects.toMatchObject({ problem: { status: 503 } });
  expect(sent.length).toBe(1);
});
