import { OrderCompleted, onEvent } from '@ticketing/common';
import type { Post } from '../data/post-office';
import { ticketBought } from '../domain/mails/ticket-bought';
import { ticketSold } from '../domain/mails/ticket-sold';
import type { PageUrls } from '../domain/mails/wording';

export const onOrderCompleted = ({ post, pages }: { post: Post; pages: PageUrls }) =>
  onEvent(OrderCompleted, async (order, { time }) => {
    await Promise.all([
      post(`ticket-bought:${order.id}`, order.userId, ticketBought(order, time, pages)),
      post(`ticket-sold:${order.id}`, order.ticket.sellerId, ticketSold(order, time, pages)),
    ]);
  });
