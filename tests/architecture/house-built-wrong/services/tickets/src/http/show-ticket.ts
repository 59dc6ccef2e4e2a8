export { tickets as showTicket } from '../data/tickets';
