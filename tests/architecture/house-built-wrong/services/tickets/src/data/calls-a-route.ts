export { showTicket } from '../http/show-ticket';
