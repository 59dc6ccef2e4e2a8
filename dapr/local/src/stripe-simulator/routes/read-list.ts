import type { Params } from '../http/params';
import { invalidRequest, resourceMissing } from '../http/stripe-error';

/** Stripe's paging and date filter: https://docs.stripe.com/api/pagination */
export interface ListRequest {
  limit: number;
  startingAfter: string | undefined;
  endingBefore: string | undefined;
  isInTime(created: number): boolean;
}

export function readList(params: Params): ListRequest {
  const limit = params.integer('limit') ?? 10;
  if (limit < 1 || limit > 100) {
    throw invalidRequest('This value must be between 1 and 100.', {
      code: 'parameter_invalid_integer',
      param: 'limit',
    });
  }
  return {
    limit,
    startingAfter: params.text('starting_after'),
    endingBefore: params.text('ending_before'),
    isInTime: readTimes(params),
  };
}

function readTimes(params: Params): (created: number) => boolean {
  const isRange = params.hasInside('created');
  if (!isRange) {
    const exactly = params.integer('created');
    return (created) => exactly === undefined || created === exactly;
  }
  const range = params.inside('created');
  const { gt, gte, lt, lte } = {
    gt: range?.integer('gt') ?? -Infinity,
    gte: range?.integer('gte') ?? -Infinity,
    lt: range?.integer('lt') ?? Infinity,
    lte: range?.integer('lte') ?? Infinity,
  };
  range?.refuseUnknown();
  return (created) => created > gt && created >= gte && created < lt && created <= lte;
}

/** `objects` come newest first, and are answered so. */
export function pageOf<Listed extends { id: string; created: number }>(
  objects: Listed[],
  { limit, startingAfter, endingBefore, isInTime }: ListRequest,
): { page: Listed[]; hasMore: boolean } {
  const inTime = objects.filter(({ created }) => isInTime(created));
  if (endingBefore !== undefined) {
    const before = inTime.slice(0, positionOf(inTime, endingBefore, 'ending_before'));
    return { page: before.slice(-limit), hasMore: before.length > limit };
  }
  const start = startingAfter === undefined ? 0 : positionOf(inTime, startingAfter, 'starting_after') + 1;
  return { page: inTime.slice(start, start + limit), hasMore: inTime.length > start + limit };
}

function positionOf(objects: { id: string }[], id: string, param: string): number {
  const position = objects.findIndex((object) => object.id === id);
  if (position < 0) throw resourceMissing('object', id, param);
  return position;
}
