import type { Clock } from '@ticketing/common';
import type { Collection } from 'mongoose';

/** Something that is looked after at `dueAt`, and again later and later while nothing comes of it. */
export interface Due {
  _id: string;
  dueAt?: Date;
  visits: number;
}

export interface ClaimOptions {
  clock: Clock;
  limit: number;
  /** Only what was due by then: a round that claims by its own start does not meet what it has claimed before. */
  dueBy: Date;
  /** The wait after the first visit; it doubles with each. */
  firstMs: number;
}

const longestWaitMs = 5 * 60_000;

/** The oldest that are due, each claimed for one replica by planning the next visit before the work of this one. */
export async function claimDue<Record extends Due>(
  collection: Collection,
  { clock, limit, dueBy, firstMs }: ClaimOptions,
): Promise<Record[]> {
  const found = (await collection
    .find({ dueAt: { $lte: dueBy } })
    .sort({ dueAt: 1 })
    .limit(limit)
    .toArray()) as unknown as Record[];
  const claimed: Record[] = [];
  for (const due of found) {
    const next = new Date(clock.now().getTime() + Math.min(longestWaitMs, firstMs * 2 ** due.visits));
    const { modifiedCount } = await collection.updateOne(
      { _id: due._id, dueAt: due.dueAt } as never,
      { $set: { dueAt: next }, $inc: { visits: 1 } } as never,
    );
    if (modifiedCount === 1) claimed.push(due);
  }
  return claimed;
}
