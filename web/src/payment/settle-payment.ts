import { ApiError } from '@/api/problem';
import type { Charge } from '@/api/types';

interface Settling {
  /** Asks the server to look at Stripe and settle; answers the latest charge. @throws ApiError */
  ask: () => Promise<Charge>;
  wait: (ms: number) => Promise<void>;
  /** How long to go on asking; the server goes on by itself afterwards. */
  limitMs: number;
}

const firstPauseMs = 1_000;
const longestPauseMs = 5_000;

/**
 * Asks until the charge is decided. Only what may heal is asked again, and no sooner than the server wants.
 * @returns nothing when it is still not known
 * @throws ApiError for a refusal that asking again does not change
 */
export async function settlePayment({ ask, wait, limitMs }: Settling): Promise<Charge | undefined> {
  let waitedMs = 0;
  let pauseMs = firstPauseMs;
  for (;;) {
    const answer = await asked(ask);
    if (answer.charge && answer.charge.status !== 'Created') return answer.charge;
    const nextMs = Math.max(pauseMs, answer.notBeforeMs);
    if (waitedMs + nextMs > limitMs) return undefined;
    await wait(nextMs);
    waitedMs += nextMs;
    pauseMs = Math.min(pauseMs * 1.5, longestPauseMs);
  }
}

async function asked(ask: Settling['ask']): Promise<{ charge?: Charge; notBeforeMs: number }> {
  try {
    return { charge: await ask(), notBeforeMs: 0 };
  } catch (error) {
    if (!(error instanceof ApiError) || !mayHeal(error.problem.status)) throw error;
    return { notBeforeMs: (error.problem.retryAfterSeconds ?? 0) * 1_000 };
  }
}

/** What is late, overloaded or away; asked again, it may answer. */
export const mayHeal = (status: number): boolean => status >= 500 || status === 429;
