import type { Ticket } from '@/api/types';
import { applyChange, applyLook, type Seen, stateOf } from '@/purchase/ticket-state';
import { aTicket as ticket } from '../a-ticket';

const seen = (of: Ticket, ownOrderId?: string): Seen => ({ ticket: of, isGone: false, ownOrderId });

test.each([
  ['forSale', seen(ticket()), 'visitor'],
  ['forSale', seen(ticket()), undefined],
  ['own', seen(ticket()), 'seller'],
  ['own', seen(ticket({ orderId: 'o', sold: true })), 'seller'],
  ['held', seen(ticket({ orderId: 'o' })), 'visitor'],
  ['mineHeld', seen(ticket({ orderId: 'o' }), 'o'), 'visitor'],
  ['held', seen(ticket({ orderId: 'another' }), 'o'), 'visitor'],
  ['mineBought', seen(ticket({ orderId: 'o', sold: true }), 'o'), 'visitor'],
  ['sold', seen(ticket({ orderId: 'o', sold: true })), undefined],
  ['begun', seen(ticket({ begun: true })), undefined],
  ['own', seen(ticket({ begun: true })), 'seller'],
  ['gone', { ...seen(ticket()), isGone: true }, 'visitor'],
] as const)('It is %s', (state, of, visitorId) => {
  expect(stateOf(of, visitorId)).toBe(state);
});

test('Held, for sale again, taken down: as the stream tells, newest last', () => {
  const held = applyChange(seen(ticket()), { change: 'removed', ticket: ticket({ orderId: 'o', version: 2 }) });
  expect(stateOf(held, 'visitor')).toBe('held');
  const back = applyChange(held, { change: 'listed', ticket: ticket({ version: 3 }) });
  expect(stateOf(back, 'visitor')).toBe('forSale');
  expect(applyChange(back, { change: 'removed', ticket: ticket({ orderId: 'o', version: 2 }) })).toBe(back);
  const gone = applyChange(back, { change: 'removed', ticket: ticket({ version: 4 }) });
  expect(stateOf(gone, 'visitor')).toBe('gone');
  const begun = applyChange(back, { change: 'removed', ticket: ticket({ begun: true, version: 4 }) });
  expect(stateOf(begun, 'visitor')).toBe('begun');
});

test('Another ticket, and an answer that is older than the stream, change nothing', () => {
  const now = seen(ticket({ version: 3 }));
  expect(applyChange(now, { change: 'removed', ticket: ticket({ id: 'other', version: 9 }) })).toBe(now);
  expect(applyLook(now, ticket({ version: 2, orderId: 'o' }))).toBe(now);
});
