import { duration } from '@ticketing/common';
import { z } from 'zod';

/** What the service reads from its environment, beside what every service reads. */
export const settings = {
  MONGO_URL: z.string().min(1),
  REDIS_URL: z.string().min(1),
  HOLD_WINDOW: duration('15m'),
  /** How long `POST /api/orders` may take, from the hold to the written order. */
  REQUEST_BUDGET: duration('10s'),
  RECONCILE_EVERY: duration('5s'),
};
