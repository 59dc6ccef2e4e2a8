/** A webhook endpoint as payments has one: it believes only what the real SDK's constructEvent believes. */
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import Stripe from 'stripe';
import { keys } from './open-account';

const stripe = new Stripe(keys.secretKey);

export async function openEndpoint(secret = keys.webhookSecret) {
  const events: Stripe.Event[] = [];
  const attempts: string[] = [];
  const answers: (number | 'hang')[] = [];
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      const body = Buffer.concat(chunks);
      const event = stripe.webhooks.constructEvent(body, String(request.headers['stripe-signature']), secret);
      attempts.push(event.id);
      const answer = answers.shift() ?? 200;
      if (answer === 'hang') return;
      if (answer === 200) events.push(event);
      response.writeHead(answer).end();
    });
  });
  server.listen(0, '127.0.0.1');
  await new Promise((resolve) => server.once('listening', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/webhook`,
    /** Those that were taken, in the order in which they came. */
    events,
    types: () => events.map(({ type }) => type),
    /** Ids of all that came, taken or not. */
    attempts,
    /** The next answers; 200 afterwards. */
    answerNext: (...next: (number | 'hang')[]) => answers.push(...next),
    stop: () =>
      new Promise<void>((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

export type OpenEndpoint = Awaited<ReturnType<typeof openEndpoint>>;
