import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { answerWithStatus, rememberResponses } from '@/server/answer-status';

/** Answers as Next does: with 200 whatever the page made of it, some time after the request came. */
const server = createServer(async (request, response) => {
  const status = Number(request.url?.slice(1));
  await new Promise((resolve) => setImmediate(resolve));
  if (status) answerWithStatus(status);
  response.end('a page');
});

let address = '';
beforeAll(async () => {
  rememberResponses();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  address = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});
afterAll(() => new Promise((resolve) => server.close(resolve)));

const statusOf = async (path: string) => (await fetch(address + path)).status;

test('A page says with which status it is answered, and each answer is its own', async () => {
  const statuses = await Promise.all(['/404', '/', '/500', '/429', '/'].map(statusOf));
  expect(statuses).toEqual([404, 200, 500, 429, 200]);
});

test('Outside of a request, and after an answer has begun, there is nothing to say it of', async () => {
  expect(() => answerWithStatus(500)).not.toThrow();
  const late = createServer((_request, response) => {
    response.flushHeaders();
    answerWithStatus(500);
    response.end('a page');
  });
  await new Promise<void>((resolve) => late.listen(0, '127.0.0.1', resolve));
  const answer = await fetch(`http://127.0.0.1:${(late.address() as AddressInfo).port}`);
  expect([answer.status, await answer.text()]).toEqual([200, 'a page']);
  await new Promise((resolve) => late.close(resolve));
});
