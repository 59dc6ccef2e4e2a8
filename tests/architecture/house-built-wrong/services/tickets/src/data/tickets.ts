import { priceOf } from '../domain/ticket';

export const tickets = [priceOf];
