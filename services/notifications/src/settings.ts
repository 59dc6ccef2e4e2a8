import { z } from 'zod';

/** What the service reads from its environment, beside what every service reads. */
export const settings = {
  /** mongodb:// address of the server, without a database. */
  MONGO_URL: z.string().min(1),
  /** Where people reach the marketplace; links in mails begin with it. */
  PUBLIC_URL: z
    .url({ protocol: /^https?$/, error: 'must be an http:// or https:// address' })
    .transform((url) => url.replace(/\/+$/, '')),
};
