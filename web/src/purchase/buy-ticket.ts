import { call } from '@/api/call';
import { ApiError, type Problem } from '@/api/problem';
import type { Order } from '@/api/types';
import { describeDuration } from '@/components/describe-duration';
import { wait } from '@/tab/wait';

export interface PurchaseAttempt {
  ticketId: string;
  /** The price the visitor saw, in cents: another one refuses the purchase. */
  price: number;
  /** Of this press of the button: repeating it can never buy twice. */
  key: string;
}

interface Options {
  /** Told before each wait. */
  onWaiting(seconds: number): void;
  /** Asked after each wait: whoever has left the page buys nothing any more. */
  isStillWanted(): boolean;
  pause?: (ms: number) => Promise<void>;
}

const mostTries = 5;
/** Nobody sits before a button for longer; who is to wait for longer is told so. */
const longestWaitSeconds = 30;

/**
 * Asks for the ticket to be held. When it is not known whether it was, the same request is asked again, with the same
 * key, as politely as `Retry-After` says.
 * @throws ApiError with a refusal, with the last failure, or with how long to wait when that is too long to sit out
 */
export async function buyTicket({ ticketId, price, key }: PurchaseAttempt, options: Options): Promise<Order> {
  const { onWaiting, isStillWanted, pause = wait } = options;
  for (let tries = 1; ; tries += 1) {
    try {
      const headers = { 'idempotency-key': key };
      return await call<Order>('/api/orders', { method: 'POST', body: { ticketId, price }, headers });
    } catch (error) {
      if (!(error instanceof ApiError) || tries >= mostTries || !isWorthRepeating(error.problem)) throw error;
      const seconds = error.problem.retryAfterSeconds ?? 2 ** (tries - 1);
      if (seconds > longestWaitSeconds) throw new ApiError({ ...error.problem, detail: tryAgainIn(seconds) });
      onWaiting(seconds);
      await pause(seconds * 1_000);
      if (!isStillWanted()) throw error;
    }
  }
}

const tryAgainIn = (seconds: number): string =>
  `This does not work right now. Try again in ${describeDuration(seconds * 1_000)}.`;

/** Refusals stay refusals; what is late, overloaded or away may be there again. */
const isWorthRepeating = ({ status }: Problem): boolean => status >= 500 || status === 429;
