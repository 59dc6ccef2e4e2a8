import fc from 'fast-check';
import { refuseChange, refuseHold, searchWords, type Ticket } from '../../src/domain/ticket';

const people = ['ada', 'bob', 'eve'];
const orders = ['o1', 'o2'];

const tickets = fc
  .record({
    userId: fc.constantFrom(...people),
    heldBy: fc.constantFrom(...people),
    orderId: fc.option(fc.constantFrom(...orders)),
    sold: fc.boolean(),
    deleted: fc.boolean(),
    price: fc.integer({ min: 50, max: 55 }),
    startsAt: fc.constantFrom(null, new Date(1), new Date(2), new Date(3)),
    version: fc.integer({ min: 1, max: 3 }),
  })
  .map(
    ({ orderId, heldBy, sold, ...rest }): Ticket => ({
      ...rest,
      _id: 't1',
      title: 'Ada and the Engines',
      orderId,
      heldBy: orderId === null ? null : heldBy,
      heldAt: orderId === null ? null : new Date(0),
      sold: sold && orderId !== null,
      createdAt: new Date(0),
    }),
  );
const now = new Date(2);
const changes = fc.record({
  userId: fc.constantFrom(...people),
  expectedVersions: fc.option(fc.array(fc.integer({ min: 1, max: 3 }), { minLength: 1, maxLength: 2 }), {
    nil: undefined,
  }),
});
const holds = fc.record({
  orderId: fc.constantFrom(...orders),
  buyerId: fc.constantFrom(...people),
  price: fc.option(fc.integer({ min: 50, max: 55 }), { nil: undefined }),
});

describe('a seller’s change', () => {
  it('is never allowed to anybody else, nor while the ticket is held, sold, deleted, or another version than seen', () => {
    fc.assert(
      fc.property(tickets, changes, (ticket, request) => {
        if (refuseChange(ticket, request) !== undefined) return;
        expect(ticket).toMatchObject({ userId: request.userId, orderId: null, sold: false, deleted: false });
        expect(request.expectedVersions ?? [ticket.version]).toContain(ticket.version);
      }),
      { numRuns: 1_000 },
    );
  });

  it('is allowed to the seller of a ticket that is for sale', () => {
    fc.assert(
      fc.property(tickets, (ticket) => {
        const forSale = { ...ticket, orderId: null, sold: false, deleted: false };
        expect(refuseChange(forSale, { userId: ticket.userId })).toBeUndefined();
        expect(refuseChange(forSale, { userId: ticket.userId, expectedVersions: [ticket.version] })).toBeUndefined();
      }),
    );
  });

  it('is told apart by what the seller can do about it', () => {
    const ticket = {
      ...fc.sample(tickets, 1)[0],
      userId: 'ada',
      orderId: null,
      sold: false,
      deleted: false,
      version: 2,
    };
    const refusal = (change: object, request = { userId: 'ada' }) =>
      refuseChange({ ...ticket, ...change } as Ticket, request);
    expect(refuseChange(null, { userId: 'ada' })).toBe('NotFound');
    expect(refusal({ deleted: true })).toBe('NotFound');
    expect(refusal({ orderId: 'o1' }, { userId: 'bob' })).toBe('NotYours');
    expect(refusal({ orderId: 'o1', sold: true })).toBe('Sold');
    expect(refusal({ orderId: 'o1' })).toBe('Held');
    expect(refuseChange(ticket as Ticket, { userId: 'ada', expectedVersions: [1] })).toBe('Stale');
  });
});

describe('a hold', () => {
  it('is never explained as possible for a seller, for a sold or deleted ticket, for one that another order has, that has begun, or at another price', () => {
    fc.assert(
      fc.property(tickets, holds, (ticket, hold) => {
        if (refuseHold(ticket, hold, now) !== undefined) return;
        expect(ticket).toMatchObject({ sold: false, deleted: false });
        expect(ticket.userId).not.toBe(hold.buyerId);
        expect([null, hold.orderId]).toContain(ticket.orderId);
        expect([undefined, ticket.price]).toContain(hold.price);
        if (ticket.orderId === null) expect([null, 3]).toContain(ticket.startsAt?.getTime() ?? null);
      }),
      { numRuns: 1_000 },
    );
  });

  it('never names an order to anybody but its buyer', () => {
    fc.assert(
      fc.property(tickets, holds, (ticket, hold) => {
        const named = refuseHold(ticket, hold, now)?.ownOrderId;
        if (named === undefined) return;
        expect(ticket).toMatchObject({ heldBy: hold.buyerId, orderId: named });
      }),
      { numRuns: 1_000 },
    );
  });
});

describe('the words of a title', () => {
  it('are found whatever the case and the accents', () => {
    expect(searchWords('  Café DEL Mar – İstanbul, 21:30 ')).toEqual(['cafe', 'del', 'mar', 'istanbul', '21', '30']);
    expect(searchWords('Beyoncé beyonce BEYONCÉ')).toEqual(['beyonce']);
  });

  it('never hold anything but letters and digits, so that a search for one is no pattern', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => {
        for (const word of searchWords(text)) {
          expect(word).toMatch(/^[\p{L}\p{N}]+$/u);
          expect(searchWords(word)).toEqual([word]);
        }
      }),
    );
  });
});
