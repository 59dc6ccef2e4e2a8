import type { Clock } from '@ticketing/common';
import type { mongo } from 'mongoose';

/** Something that is looked after at `dueAt`, and again later and later while nothing comes of it. */
export interface Due {
  _id: string;
  dueAt?: Date;
  visits: number;
}

export interface ClaimOptions<Record extends Due> {
  clock: Clock;
  limit: number;
  /** Only what was due by then: a round that claims by its own start does not meet what it has claimed before. */
  dueBy: Date;
  /** How long after this visit the next one is planned. */
  waitMs: (record: Record) => number;
}

const longestWaitMs = 5 * 60_000;

/** `firstMs` after the first visit, and twice as long with each, up to five minutes. */
export const usualWaitMs = ({ visits }: Due, firstMs: number): number => Math.min(longestWaitMs, firstMs * 2 ** visits);

/** The oldest that are due, each claimed for one replica by planning the next visit before the work of this one. */
export async function claimDue<Record extends Due>(
  collection: mongo.Collection<Record>,
  { clock, limit, dueBy, waitMs }: ClaimOptions<Record>,
): Promise<Record[]> {
  // What both kinds of records have: the compiler cannot tell fields of a type that is not known yet.
  const dues = collection as unknown as mongo.Collection<Due>;
  const found = await dues
    .find({ dueAt: { $lte: dueBy } })
    .sort({ dueAt: 1 })
    .limit(limit)
    .toArray();
  const claimed: Record[] = [];
  for (const due of found as unknown as Record[]) {
    const { _id, dueAt } = due;
    if (!dueAt) continue;
    const next = new Date(clock.now().getTime() + waitMs(due));
    const { modifiedCount } = await dues.updateOne({ _id, dueAt }, { $set: { dueAt: next }, $inc: { visits: 1 } });
    if (modifiedCount === 1) claimed.push(due);
  }
  return claimed;
}
