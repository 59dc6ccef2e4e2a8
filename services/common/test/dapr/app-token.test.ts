import supertest from 'supertest';
import { createHttpApp, createMetrics, silentLog } from '../../src';
import { exampleEvent } from '../../src/testing';

const token = 'the-token-of-the-sidecar';

const deliver = (appApiToken: string | undefined, headers: Record<string, string>) => {
  const heard: string[] = [];
  const app = createHttpApp({
    log: silentLog,
    metrics: createMetrics('tickets'),
    appApiToken,
    subscriptions: [
      {
        topic: 'orders',
        handlers: {
          'order.cancelled': async (event) => {
            heard.push(event.id);
          },
        },
      },
    ],
  });
  const event = exampleEvent('OrderCancelled');
  return supertest(app)
    .post('/events/orders/order-cancelled')
    .set(headers)
    .send(JSON.stringify({ entries: [{ entryId: '1', event, contentType: 'application/cloudevents+json' }] }))
    .then(({ status }) => ({ status, heard: heard.length }));
};

describe('who may bring events', () => {
  test('With a token configured, only who sends it', async () => {
    expect(await deliver(token, { 'dapr-api-token': token })).toEqual({ status: 200, heard: 1 });
    expect(await deliver(token, {})).toEqual({ status: 403, heard: 0 });
    expect(await deliver(token, { 'dapr-api-token': `${token.slice(0, -1)}x` })).toEqual({ status: 403, heard: 0 });
  });

  test('Without one, who is on this machine', async () => {
    expect(await deliver(undefined, {})).toEqual({ status: 200, heard: 1 });
  });

  test.each([
    ['of another site', { 'sec-fetch-site': 'cross-site', origin: 'https://evil.example' }],
    ['in a browser that sends no Sec-Fetch-Site', { origin: 'https://evil.example' }],
    ['in a sandbox', { origin: 'null' }],
    ['whose Origin is taken away', { 'sec-fetch-site': 'cross-site' }],
    ['of this very address', { 'sec-fetch-site': 'same-origin', origin: 'http://127.0.0.1:14002' }],
  ])('Without one, a page %s is refused, though its browser is on this machine', async (_which, headers) => {
    const asPage = { 'content-type': 'text/plain', ...headers };
    expect(await deliver(undefined, asPage)).toEqual({ status: 403, heard: 0 });
  });
});
