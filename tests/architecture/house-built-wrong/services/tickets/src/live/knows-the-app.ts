export { showTicket } from '../app';
