// The door: what a seller is told about an e-ticket that is shown to them.
import { connectETicketKeys, newId, Problem, rateLimits, writeETicketCode } from '@ticketing/common';
import { exampleEvent } from '@ticketing/common/testing';
import fc from 'fast-check';
import request, { type Response } from 'supertest';
import { expectProblem } from '../../../../tests/setup/expect-problem';
import type { Tickets } from '../../src/data/tickets';
import { holdBy, listedBy, type RunningTickets, startTickets, storedTicket } from '../start-tickets';

let running: RunningTickets;
beforeAll(async () => {
  running = await startTickets();
});
afterAll(() => running.close());

interface Sold {
  ticketId: string;
  orderId: string;
  code: string;
}

const codeOf = async (claim: { ticketId: string; orderId: string }) =>
  writeETicketCode(claim, await connectETicketKeys({ dapr: running.dapr.of('orders'), env: {} }));

const tell = async (name: 'OrderCompleted' | 'OrderRefunded', { ticketId, orderId }: Omit<Sold, 'code'>) => {
  const data = { id: orderId, status: 'Completed' as const, ticket: { id: ticketId, title: 'Ada', sellerId: 'ada' } };
  await running.dapr.of('orders').events.publish('orders', [exampleEvent(name, data)]);
  await running.dapr.settle();
};

async function soldBy(seller: string, on = running): Promise<Sold> {
  const { id: ticketId } = await listedBy(on, seller, { title: 'Ada', venue: 'Hall' });
  const orderId = newId();
  await holdBy(on, ticketId, 'bob', orderId);
  await on.tickets.markSold(ticketId, orderId, on.dapr.clock.now());
  return { ticketId, orderId, code: await codeOf({ ticketId, orderId }) };
}

const ask = (body: object, { seller = 'ada', key = newId(), on = running } = {}) =>
  request(on.app).post('/api/tickets/verify').set('Cookie', on.cookieOf(seller)).set('Idempotency-Key', key).send(body);
const verdict = async (code: string, options?: Parameters<typeof ask>[1]) => {
  const answer: Response = await ask({ code }, options);
  expect([answer.status, answer.text]).toEqual([200, expect.any(String)]);
  return answer.body as { verdict: string; forgery: string | null; usedAt: string | null; orderId: string | null };
};

describe('POST /api/tickets/verify', () => {
  it('lets a sold ticket in, once, and tells afterwards when that was', async () => {
    const { ticketId, orderId, code } = await soldBy('ada');
    const at = running.dapr.clock.now().toISOString();
    const first = await ask({ code });
    expect([first.status, first.body]).toEqual([
      200,
      {
        verdict: 'valid',
        forgery: null,
        ticket: { id: ticketId, title: 'Ada', venue: 'Hall', startsAt: null },
        orderId,
        usedAt: at,
        refundedAt: null,
      },
    ]);
    running.dapr.clock.advance(60_000);
    expect(await verdict(code)).toMatchObject({ verdict: 'used', usedAt: at });
    expect(await verdict(code.toLowerCase())).toMatchObject({ verdict: 'used', usedAt: at });
  });

  it('tells the same again to the same request, whose answer may have been lost', async () => {
    const { code } = await soldBy('ada');
    for (const _time of [1, 2]) expect(await verdict(code, { key: 'shown-1' })).toMatchObject({ verdict: 'valid' });
    expect(await verdict(code, { key: 'shown-2' })).toMatchObject({ verdict: 'used' });
  });

  it('only looks when that is asked', async () => {
    const { code, ticketId } = await soldBy('ada');
    const look = await ask({ code, look: true });
    expect(look.body).toMatchObject({ verdict: 'valid', usedAt: null });
    expect((await storedTicket(running, ticketId)).admitted).toBeUndefined();
    expect(await verdict(code)).toMatchObject({ verdict: 'valid' });
    expect((await ask({ code, look: true })).body).toMatchObject({ verdict: 'used' });
  });

  it('lets in who was sold the ticket a moment ago, though the event of it is still on its way', async () => {
    const { id: ticketId } = await listedBy(running, 'ada');
    const claim = { ticketId, orderId: newId() };
    await holdBy(running, ticketId, 'bob', claim.orderId);
    expect(await verdict(await codeOf(claim))).toMatchObject({ verdict: 'valid' });
    await tell('OrderCompleted', claim);
    expect(await storedTicket(running, ticketId)).toMatchObject({ sold: true, version: 3 });
  });

  it('refuses what was refunded, before it was let in and after, however often and late the event comes', async () => {
    const before = await soldBy('ada');
    await tell('OrderRefunded', before);
    await tell('OrderRefunded', before);
    await tell('OrderCompleted', before);
    const refundedAt = '2026-11-23T08:30:00.000Z';
    expect(await verdict(before.code)).toMatchObject({ verdict: 'refunded', refundedAt, usedAt: null });
    expect(await storedTicket(running, before.ticketId)).toMatchObject({ sold: true, orderId: before.orderId });

    const after = await soldBy('ada');
    const { usedAt } = await verdict(after.code);
    await tell('OrderRefunded', after);
    expect(await verdict(after.code)).toMatchObject({ verdict: 'refunded', usedAt });
    expect(running.dapr.deadLetters).toEqual([]);
  });

  it('tells a forged one, and why: no e-ticket, another marketplace’s, made up', async () => {
    const { code, ticketId, orderId } = await soldBy('ada');
    const sealedBy = (keyId: string) =>
      writeETicketCode({ ticketId, orderId }, { sealWith: keyId, keys: new Map([[keyId, 'x'.repeat(32)]]) });
    const forged = async (text: string) => {
      const { forgery, ...rest } = await verdict(text);
      expect(rest).toEqual({ verdict: 'forged', ticket: null, orderId: null, usedAt: null, refundedAt: null });
      return forgery;
    };
    expect(await forged('https://example.com/ticket/1')).toBe('NotOurs');
    expect(await forged(sealedBy('OTHER'))).toBe('UnknownKey');
    expect(await forged(sealedBy('T2'))).toBe('WrongSeal');
    expect(await forged(code.replace(/.$/, (last) => (last === 'A' ? 'B' : 'A')))).toBe('WrongSeal');
    expect(await verdict(code)).toMatchObject({ verdict: 'valid' });
  });

  it('still lets in what an older key has sealed', async () => {
    const { ticketId, orderId } = await soldBy('ada');
    const { keys } = await connectETicketKeys({ dapr: running.dapr.of('orders'), env: {} });
    const code = writeETicketCode({ ticketId, orderId }, { sealWith: 'T1', keys });
    expect(await verdict(code)).toMatchObject({ verdict: 'valid' });
  });

  it('answers 401 and 404 to who has not sold it, and lets nobody in for them', async () => {
    const { code, ticketId } = await soldBy('ada');
    expectProblem(await request(running.app).post('/api/tickets/verify').send({ code }), 401, 'NotSignedIn');
    expectProblem(await ask({ code }, { seller: 'eve' }), 404, 'NotFound');
    expectProblem(await ask({ code }, { seller: 'bob' }), 404, 'NotFound');
    expectProblem(await ask({ code: await codeOf({ ticketId, orderId: newId() }) }), 404, 'NotFound');
    expectProblem(await ask({ code: await codeOf({ ticketId: newId(), orderId: newId() }) }), 404, 'NotFound');
    expect((await storedTicket(running, ticketId)).admitted).toBeUndefined();
  });

  it.each([{}, { code: '' }, { code: ' ' }, { code: 7 }, { code: ['x'] }, { code: 'x'.repeat(513) }, { code: null }])(
    'answers 400 to %j',
    async (body) => {
      expectProblem(await ask(body), 400, 'InvalidInput');
    },
  );

  it('answers 400 to a look or a key that is none', async () => {
    expectProblem(await ask({ code: 'x', look: 'yes' }), 400, 'InvalidInput');
    expectProblem(await ask({ code: 'x' }, { key: 'k'.repeat(201) }), 400, 'InvalidInput');
  });

  it('answers 429 to who shows forged ones all the time, and to nobody else', async () => {
    const { points, perSeconds } = rateLimits.forgedETicketsOfAccount;
    const { code } = await soldBy('mallory');
    for (let shown = 0; shown < points + 10; shown++) {
      expect(await verdict(code, { seller: 'mallory' })).toMatchObject({ verdict: shown === 0 ? 'valid' : 'used' });
    }
    for (let shown = 0; shown < points; shown++) await verdict('forged', { seller: 'mallory' });
    expectProblem(await ask({ code: 'forged' }, { seller: 'mallory' }), 429, 'TooManyRequests');
    expect(await verdict((await soldBy('mallory')).code, { seller: 'mallory' })).toMatchObject({ verdict: 'valid' });
    expect(await verdict('forged')).toMatchObject({ verdict: 'forged' });
    running.dapr.clock.advance(perSeconds * 1000 + 1);
    expect(await verdict('forged', { seller: 'mallory' })).toMatchObject({ verdict: 'forged' });
  }, 60_000);

  it('lets the genuine in though the counters of the forged are away', async () => {
    const away = () => Promise.reject(new Problem(503, 'RateLimitsUnavailable', 'Redis is away.'));
    const on = await startTickets({ database: running.database, limiter: { use: away, giveBack: away } });
    expect(await verdict((await soldBy('ada', on)).code, { on })).toMatchObject({ verdict: 'valid' });
    expectProblem(await ask({ code: 'forged' }, { on }), 503, 'RateLimitsUnavailable');
    await on.close();
  });
});

describe('many who show the same e-ticket at once', () => {
  const showAtOnce = async (on: RunningTickets, scanners: number) => {
    const { code } = await soldBy('ada', on);
    const answers = await Promise.all(Array.from({ length: scanners }, () => verdict(code, { on })));
    return answers.filter((answer) => answer.verdict === 'valid').length;
  };

  it('exactly one of them is let in, however many they are', async () => {
    await fc.assert(
      fc.asyncProperty(fc.integer({ min: 2, max: 12 }), async (scanners) => {
        expect(await showAtOnce(running, scanners)).toBe(1);
      }),
      { numRuns: 15 },
    );
  }, 60_000);

  /** Looks first and writes then, as if nobody could come between. */
  const withoutGuard = (stored: Tickets): Tickets => ({
    ...stored,
    async admit(id, orderId, admitted) {
      const ticket = await stored.find(id);
      if (!ticket || ticket.orderId !== orderId || ticket.admitted || ticket.refunded) return null;
      await running.model.updateOne({ _id: id }, { $set: { admitted } });
      return { ...ticket, admitted };
    },
  });

  it('without the compare-and-set, more than one would be (the guard is needed)', async () => {
    const unguarded = await startTickets({ database: running.database, around: withoutGuard });
    expect(await showAtOnce(unguarded, 12)).toBeGreaterThan(1);
    await unguarded.close();
  });
});
