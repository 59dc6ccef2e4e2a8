export { onOrderCancelled } from '../events/on-order-cancelled';
