import type { Order } from '@/api/types';
import { stageOf } from './describe-order';

const firstPauseMs = 500;
const longestPauseMs = 10_000;
/** About a minute: a change that was expected, a declined card say, need not be the end of the order. */
const expectingLooks = 12;

/**
 * How long to wait before an order is read again of its own accord; nothing when it will not change any more.
 * @param nowMs by the server's clock
 * @param expecting something has happened that changes the order any moment
 * @param looks how often it was read since that began
 */
export function lookAgainInMs(order: Order, nowMs: number, expecting: boolean, looks: number): number | undefined {
  const stage = stageOf(order, nowMs);
  if (stage === 'completed' || stage === 'cancelled') return undefined;
  if (stage === 'awaitingPayment' && !(expecting && looks < expectingLooks)) return undefined;
  return Math.min(firstPauseMs * 1.5 ** looks, longestPauseMs);
}
