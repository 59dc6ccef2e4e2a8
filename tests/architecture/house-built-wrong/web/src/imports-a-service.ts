export { priceOf } from '../../services/tickets/src/domain/ticket';
