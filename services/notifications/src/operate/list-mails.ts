// What an operator sees of the queue, and may do to it: what was given up can be queued again, for instance when its
// refusal was a fault of ours.
import { type Clock, collectionOf } from '@ticketing/common';
import type { Model } from 'mongoose';
import type { QueuedMail } from '../data/mail-queue';

export interface MailList {
  count: number;
  /** Those that have been there longest, `mostListed` at the most. */
  mails: QueuedMail[];
}

export const mostListed = 50;

export const listWaiting = (model: Model<QueuedMail>): Promise<MailList> => list(model, 'waiting', 'queuedAt');
export const listGivenUp = (model: Model<QueuedMail>): Promise<MailList> => list(model, 'given-up', 'settledAt');

async function list(model: Model<QueuedMail>, state: QueuedMail['state'], by: keyof QueuedMail): Promise<MailList> {
  const mails = collectionOf(model);
  return {
    count: await mails.countDocuments({ state }),
    mails: await mails
      .find({ state })
      .sort({ [by]: 1 })
      .limit(mostListed)
      .toArray(),
  };
}

/**
 * Queues what was given up as if it were new: due at once, and tried for as long.
 * @param id only this mail; all when it is left out
 * @returns how many
 */
export async function queueAgain(model: Model<QueuedMail>, clock: Clock, id?: string): Promise<number> {
  const now = clock.now();
  const { modifiedCount } = await collectionOf(model).updateMany(
    { state: 'given-up', ...(id === undefined ? {} : { _id: id }) },
    { $set: { state: 'waiting', queuedAt: now, dueAt: now, attempts: 0 }, $unset: { settledAt: 1 } },
  );
  return modifiedCount;
}
