export { priceOf } from '../../../tickets/src/domain/ticket';
