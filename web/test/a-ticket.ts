import type { Ticket } from '@/api/types';

/** A ticket as the API answers it: for sale, never changed, without a place and a time. */
export const aTicket = (more: Partial<Ticket> = {}): Ticket => ({
  id: 't',
  title: 'Front row',
  price: 4_500,
  userId: 'seller',
  orderId: null,
  sold: false,
  begun: false,
  version: 1,
  createdAt: '2026-11-21T10:00:00.000Z',
  venue: null,
  startsAt: null,
  ...more,
});
