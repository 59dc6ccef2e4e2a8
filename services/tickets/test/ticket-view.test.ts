import { outboxEntry, TicketDeleted } from '@ticketing/common';
import type { TicketRecord } from '../src/data/ticket-model';
import { ticketEvent } from '../src/ticket-view';

const ticket = { _id: 'ticket-1', title: 'Ada', price: 4500, userId: 'ada', orderId: null, sold: false, version: 2 };
const entry = outboxEntry(TicketDeleted, '2', new Date('2026-11-21T10:00:00.000Z'));

test('When an entry is of a type that this version does not know, then it is not told as another', () => {
  expect(ticketEvent(ticket as TicketRecord, entry).type).toBe('ticket.deleted');
  expect(() => ticketEvent(ticket as TicketRecord, { ...entry, type: 'ticket.moved' })).toThrow('ticket.moved');
});
