export { tickets as onOrderCancelled } from '../data/tickets';
