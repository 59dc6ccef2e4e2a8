// Our side of the books. The auditor is an operator's program and no service: it alone reads the databases of orders and
// tickets beside that of payments, and writes to none (docs/decisions/0016).
import type { Connection, mongo } from 'mongoose';
import type { PaymentRecord } from '../data/payment-model';
import type { BookedOrder, BookedTicket } from './books';

export interface Databases {
  payments: Connection;
  orders: Connection;
  tickets: Connection;
}

export interface Books {
  /** The ids of all orders, and of what payments and tickets take for one. */
  orderIds(tell: (count: number) => void): Promise<Set<string>>;
  orders(ids: readonly string[]): Promise<Map<string, BookedOrder>>;
  /** By order. */
  payments(ids: readonly string[]): Promise<Map<string, PaymentRecord>>;
  tickets(ids: readonly string[]): Promise<Map<string, BookedTicket>>;
  /** Tickets held for or sold to these orders, or to any. */
  ticketsKept(orderIds?: readonly string[]): Promise<BookedTicket[]>;
}

const orderFields = { ticketId: 1, status: 1, held: 1, expiresAt: 1, createdAt: 1, captureBegunAt: 1, refundedAt: 1 };
const ticketFields = { orderId: 1, sold: 1, deleted: 1, price: 1, refunded: 1 };

export function readBooks({ payments, orders, tickets }: Databases): Books {
  // As mongoose types them, the collections of a connection are those of any document (docs/decisions/0024).
  const collectionIn = <T extends mongo.Document>(connection: Connection, name: string) =>
    connection.collection(name) as unknown as mongo.Collection<T>;
  const all = <T extends mongo.Document>(
    connection: Connection,
    name: string,
    filter: mongo.Filter<T>,
    projection?: object,
  ): Promise<T[]> =>
    collectionIn<T>(connection, name)
      .find<T>(filter, projection ? { projection } : {})
      .toArray();
  const byId = <T extends { _id: string }>(records: T[]) => new Map(records.map((record) => [record._id, record]));

  return {
    async orderIds(tell) {
      const ids = new Set<string>();
      for (const [connection, name] of [
        [orders, 'orders'],
        [payments, 'payments'],
      ] as const) {
        for await (const { _id } of connection.collection(name).find({}, { projection: { _id: 1 } })) {
          ids.add(String(_id));
          tell(ids.size);
        }
      }
      return ids;
    },
    orders: async (ids) => byId(await all<BookedOrder>(orders, 'orders', { _id: { $in: ids } }, orderFields)),
    payments: async (ids) => {
      const records = await all<PaymentRecord>(payments, 'payments', { _id: { $in: ids } });
      return byId(records.map((record) => ({ ...record, ledger: record.ledger ?? [] })));
    },
    tickets: async (ids) => byId(await all<BookedTicket>(tickets, 'tickets', { _id: { $in: ids } }, ticketFields)),
    ticketsKept: (orderIds) =>
      all<BookedTicket>(tickets, 'tickets', { orderId: orderIds ? { $in: orderIds } : { $ne: null } }, ticketFields),
  };
}
