// The auditor: reads every database, the broker's history and Stripe's table, and says which promise is broken.
import type { EventData } from '@ticketing/common';
import type { OrderRecord } from '../../services/orders/src/data/order-model';
import type { TicketRecord } from '../../services/tickets/src/data/ticket-model';
import type { Marketplace } from './marketplace';

export interface Books {
  tickets: TicketRecord[];
  orders: OrderRecord[];
}

export const readBooks = async ({ tickets, orders }: Marketplace): Promise<Books> => ({
  tickets: (await tickets.model.collection.find().toArray()) as unknown as TicketRecord[],
  orders: (await orders.model.collection.find().toArray()) as unknown as OrderRecord[],
});

const live = new Set(['AwaitingPayment', 'Capturing', 'Completed']);

/** What must hold at every moment. */
export async function auditNow(market: Marketplace): Promise<string[]> {
  const { tickets, orders } = await readBooks(market);
  const found: string[] = [];
  for (const ticket of tickets) {
    const its = orders.filter(({ ticketId, status }) => ticketId === ticket._id && live.has(status));
    const completed = its.filter(({ status }) => status === 'Completed');
    if (its.length > 1) found.push(`two live orders: ticket ${ticket._id} has ${its.map(({ _id }) => _id)}`);
    if (completed.length > 1) found.push(`sold twice: ticket ${ticket._id} to ${completed.map(({ _id }) => _id)}`);
    if (ticket.deleted && (ticket.orderId !== null || its.length > 0)) found.push(`a deleted one sold: ${ticket._id}`);
    const isFree = ticket.orderId === null && !ticket.sold && !ticket.deleted;
    const hasBegun = ticket.startsAt != null && ticket.startsAt <= market.dapr.clock.now();
    if (ticket.forSale ? !isFree : isFree && !hasBegun) {
      found.push(`the listing says otherwise of ticket ${ticket._id}`);
    }
    for (const order of its) {
      if (ticket.orderId !== order._id) found.push(`a hold lost: ticket ${ticket._id} is not order ${order._id}'s`);
      if (ticket.price !== order.held?.price) found.push(`a held price changed: ticket ${ticket._id}`);
      if (order.held?.startsAt && firstHeld(market, ticket, order) > order.held.startsAt) {
        found.push(`bought after it began: ticket ${ticket._id}`);
      }
      if (ticket.userId === order.userId) found.push(`bought from oneself: ticket ${ticket._id}`);
    }
  }
  for (const { _id, status } of orders) {
    const payment = market.payments.payments.get(_id);
    if (payment?.state === 'captured' && status === 'Cancelled') found.push(`charged and cancelled: order ${_id}`);
    if (payment?.state === 'voided' && (status === 'Capturing' || status === 'Completed')) {
      found.push(`voided after yes: order ${_id} is ${status}`);
    }
  }
  for (const { event } of market.dapr.published) {
    if (event.type !== 'order.cancelled') continue;
    const { id, reason, expiresAt } = event.data as EventData<'OrderCancelled'>;
    if (reason === 'Expired' && event.time < expiresAt) found.push(`its time was cut short: order ${id}`);
  }
  return found;
}

/** When the ticket went to the order first: `heldAt` is of the last time, as its own order is granted it again. */
function firstHeld({ dapr }: Marketplace, { _id, heldAt, outbox }: TicketRecord, order: OrderRecord): Date {
  const told = dapr.published.flatMap(({ event: { type, subject, time, data } }) => {
    if (type !== 'ticket.updated' || subject !== _id) return [];
    return (data as EventData<'TicketUpdated'>).orderId === order._id ? [Date.parse(time)] : [];
  });
  const untold = outbox.flatMap(({ id, at }) => (id === `held-${order._id}` ? [at.getTime()] : []));
  return new Date(Math.min((heldAt ?? order.createdAt).getTime(), ...told, ...untold));
}

/** What must hold in the end: faults are over, time has passed, reconcilers have run. */
export async function auditEnd(market: Marketplace): Promise<string[]> {
  const { tickets, orders } = await readBooks(market);
  const found = await auditNow(market);
  for (const { _id, status } of orders) {
    if (status !== 'Completed' && status !== 'Cancelled') found.push(`never ended: order ${_id} is ${status}`);
    const captured = market.payments.payments.get(_id)?.state === 'captured';
    if (captured !== (status === 'Completed')) found.push(`captured ${captured}, but order ${_id} is ${status}`);
  }
  const completed = new Map(orders.filter(({ status }) => status === 'Completed').map((order) => [order._id, order]));
  for (const { _id, orderId, sold, deleted } of tickets) {
    const buyer = orderId === null ? undefined : completed.get(orderId);
    if (sold && buyer?.ticketId !== _id) found.push(`sold to nobody: ticket ${_id}`);
    if (orderId !== null && !sold) found.push(`held for ever: ticket ${_id} by ${orderId}`);
    if (sold && deleted) found.push(`a deleted one sold: ${_id}`);
  }
  for (const { _id, ticketId } of completed.values()) {
    const ticket = tickets.find((candidate) => candidate._id === ticketId);
    if (!ticket?.sold || ticket.orderId !== _id) found.push(`paid and not got: order ${_id}`);
  }
  return [...found, ...auditEvents(market, { tickets, orders }), ...auditExpiry(market)];
}

/** No stored change was left untold, and nothing untrue was told. */
function auditEvents({ dapr }: Marketplace, { tickets, orders }: Books): string[] {
  const found: string[] = [];
  const told = new Map<string, Map<string, string>>();
  for (const { topic, event } of dapr.published) {
    if (topic !== 'orders' && topic !== 'tickets') continue;
    told.set(event.subject, (told.get(event.subject) ?? new Map()).set(event.id, event.type));
  }
  for (const { _id, version, outbox } of tickets) {
    const count = told.get(_id)?.size ?? 0;
    if (count !== version) found.push(`an event lost: ticket ${_id} changed ${version} times and told of ${count}`);
    if (outbox.length > 0) found.push(`left in the outbox: ticket ${_id}`);
  }
  for (const { _id, held, status, outbox } of orders) {
    const expected = held ? ['order.created', status === 'Completed' ? 'order.completed' : 'order.cancelled'] : [];
    const types = [...(told.get(_id)?.values() ?? [])].sort();
    if (types.join() !== expected.sort().join()) found.push(`an event lost: order ${_id} is ${status}, told ${types}`);
    if (outbox.length > 0) found.push(`left in the outbox: order ${_id}`);
  }
  return found;
}

const auditExpiry = ({ dapr }: Marketplace): string[] =>
  dapr.reminders.map(({ id }) => `a reminder for ever: order ${id}`);
