export { tickets } from '../data/tickets';
