export { onOrderCancelled } from './events/on-order-cancelled';
export { showTicket } from './http/show-ticket';
