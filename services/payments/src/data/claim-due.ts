import type { Clock } from '@ticketing/common';
import type { mongo } from 'mongoose';

/** Something that is looked after at `dueAt`, and again later and later while nothing comes of it. */
export interface Due {
  _id: string;
  dueAt?: Date;
  visits: number;
}

export interface ClaimOptions<Record> {
  clock: Clock;
  limit: number;
  /** Only what was due by then: a round that claims by its own start does not meet what it has claimed before. */
  dueBy: Date;
  /** The field that says when it is due: absent when nothing is to be done. */
  at: keyof Record & string;
  /** The field that counts how often it was claimed. */
  count: keyof Record & string;
  /** How long after this visit the next one is planned. */
  waitMs: (record: Record) => number;
}

const longestWaitMs = 5 * 60_000;

/** `firstMs` after the first visit, and twice as long with each, up to five minutes. */
export const usualWaitMs = ({ visits }: Pick<Due, 'visits'>, firstMs: number): number =>
  Math.min(longestWaitMs, firstMs * 2 ** visits);

/** The oldest that are due, each claimed for one replica by planning the next visit before the work of this one. */
export async function claimDue<Record extends { _id: string }>(
  collection: mongo.Collection<Record>,
  { clock, limit, dueBy, at, count, waitMs }: ClaimOptions<Record>,
): Promise<Record[]> {
  // What all kinds of records have: the compiler cannot tell fields of a type that is not known yet.
  const dues = collection as unknown as mongo.Collection<{ _id: string } & mongo.Document>;
  const found = await dues
    .find({ [at]: { $lte: dueBy } })
    .sort({ [at]: 1 })
    .limit(limit)
    .toArray();
  const claimed: Record[] = [];
  for (const due of found as unknown as Record[]) {
    const next = new Date(clock.now().getTime() + waitMs(due));
    const asFound = { _id: due._id, [at]: due[at] };
    const { modifiedCount } = await dues.updateOne(asFound, { $set: { [at]: next }, $inc: { [count]: 1 } });
    if (modifiedCount === 1) claimed.push(due);
  }
  return claimed;
}
