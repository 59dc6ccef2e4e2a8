import { z } from 'zod';

/** What the service reads from its environment, beside what every service reads. */
export const settings = {
  /** mongodb:// address of the server, without a database. */
  MONGO_URL: z.string().min(1),
  /** redis:// address; holds the counters of the rate limits. */
  REDIS_URL: z.string().min(1),
};
