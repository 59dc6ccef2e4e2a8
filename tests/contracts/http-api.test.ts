// The OpenAPI document against the services' own routes, problems and views.
import { readdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { chargeResource, orderResource, serviceCalls, ticketResource } from '@ticketing/common';
import { z } from 'zod';
import { allProblems } from '../../services/common/src/contracts-export/open-api';
import { httpRoutes } from '../../services/common/src/contracts-export/routes';
import { orderView } from '../../services/orders/src/order-view';
import { chargeView } from '../../services/payments/src/payment-view';
import { ticketView } from '../../services/tickets/src/ticket-view';
import { inertApp, routesOf, type ServiceName, serviceNames } from './inert-apps';

const below = (service: ServiceName, prefix: string) =>
  routesOf(inertApp(service)).filter((route) => route.split(' ')[1]?.startsWith(prefix));

describe.each(serviceNames)('The routes of %s', (service) => {
  test('that are public are in the OpenAPI document, and no others', () => {
    const documented = httpRoutes
      .filter((route) => route.service === service)
      .map(({ method, path }) => `${method.toUpperCase()} ${path.replace(/\{(\w+)\}/g, ':$1')}`);
    expect(below(service, '/api/').sort()).toEqual(documented.sort());
  });

  test('that are internal are in the table of service calls, and no others', () => {
    const called = new Set(
      serviceCalls.filter(({ callee }) => callee === service).map(({ method, path }) => `${method} ${path}`),
    );
    expect(below(service, '/internal/').sort()).toEqual([...called].sort());
  });
});

describe('The problems', () => {
  /** What is said only behind the public API, or by no route at all (the document's description tells of those). */
  const notPublic = [
    '404 UnknownOrder',
    '409 NotItsTicket',
    '403 NotFromSidecar',
    '403 CallerNotAllowed',
    '405 MethodNotAllowed',
    '400 MalformedRequest',
    '408 RequestTimeout',
    '431 HeadersTooLarge',
  ];
  const documented = new Set(
    httpRoutes.flatMap((route) => allProblems(route).map(({ status, code }) => `${status} ${code}`)),
  );
  const raised = new Set(sourceFiles().flatMap(problemsIn));

  test('that the code raises are in the OpenAPI document', () => {
    expect([...raised].filter((problem) => !documented.has(problem) && !notPublic.includes(problem))).toEqual([]);
  });

  test('that the document tells of are raised by the code', () => {
    expect([...documented].filter((problem) => !raised.has(problem))).toEqual([]);
  });
});

function sourceFiles(): string[] {
  const services = resolve(__dirname, '../../services');
  return ['common', ...serviceNames].flatMap((service) => {
    const src = join(services, service, 'src');
    return readdirSync(src, { recursive: true, encoding: 'utf8' })
      .filter((name) => name.endsWith('.ts') && !name.startsWith('contracts-export/'))
      .map((name) => join(src, name));
  });
}

/** `new Problem(404, 'NotFound'` and, of tables by code, `OrderExpired: { status: 409`. */
function problemsIn(file: string): string[] {
  const text = readFileSync(file, 'utf8');
  return [
    ...[...text.matchAll(/new Problem\(\s*(\d{3}),\s*'(\w+)'/g)].map(([, status, code]) => `${status} ${code}`),
    ...[...text.matchAll(/(\w+): \{\s*status: (\d{3}),/g)].map(([, code, status]) => `${status} ${code}`),
  ];
}

describe('What the services show', () => {
  const at = new Date('2026-11-21T10:00:00.000Z');
  const id = '6740f1339c8b7a6f5e4d3c2b';

  test('of a ticket is what the document says, no more and no less', () => {
    const ticket = {
      _id: id,
      title: 'Ada and the Engines',
      price: 4500,
      userId: id,
      orderId: null,
      heldBy: null,
      heldAt: null,
      sold: false,
      deleted: false,
      forSale: true,
      words: ['ada'],
      version: 1,
      createdAt: at,
      outbox: [],
    };
    expect(exactly(ticketResource, ticketView(ticket))).toEqual([]);
  });

  test.each([null, { title: 'Ada and the Engines', price: 4500, sellerId: id }])(
    'of an order is, too (held: %j)',
    (held) => {
      const order = {
        _id: id,
        userId: id,
        ticketId: id,
        status: held ? ('Capturing' as const) : ('Created' as const),
        held,
        expiresAt: at,
        createdAt: at,
        captureBegunAt: null,
        cancelReason: null,
        version: 1,
      };
      expect(exactly(orderResource, orderView(order))).toEqual([]);
    },
  );

  test.each([null, 'insufficient_funds'])('of a charge is, too (reason: %s)', (reason) => {
    const charge = { id, stripeId: 'ch_1', status: 'Failed' as const, amount: 4500, reason, stripeRefundId: null };
    const payment = {
      _id: id,
      userId: id,
      amount: 4500,
      currency: 'usd' as const,
      state: 'open' as const,
      attempt: 1,
      tries: 0,
      openedAt: at,
      intentId: 'pi_1',
      charges: [charge],
      closeReason: null,
      refundFailures: 0,
      refundFailure: null,
      orderCompleted: false,
      refundStands: false,
      disputes: [],
      version: 2,
    };
    expect(exactly(chargeResource, chargeView(payment, charge, { maxDeclines: 3 }))).toEqual([]);
  });
});

/** The faults of a document against a schema that allows nothing it does not name. */
function exactly(schema: z.ZodObject, document: unknown): unknown[] {
  const parsed = z.strictObject(schema.shape).safeParse(JSON.parse(JSON.stringify(document)));
  return parsed.success ? [] : parsed.error.issues;
}
