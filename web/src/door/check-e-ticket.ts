import { call } from '@/api/call';
import { ApiError } from '@/api/problem';
import type { ETicketCheck } from '@/api/types';
import { wait } from '@/tab/wait';

/** One showing of an e-ticket at the door. */
export interface Showing {
  code: string;
  /** Of this showing: repeating it tells the same, though its first answer was lost. */
  key: string;
}

const mostTries = 3;

/**
 * Asks about an e-ticket; again, with the same key, when no answer came.
 * @throws ApiError with a refusal, or with the last failure
 */
export async function checkETicket(
  { code, key }: Showing,
  { look, pause = wait }: { look: boolean; pause?: (ms: number) => Promise<void> },
): Promise<ETicketCheck> {
  for (let tries = 1; ; tries += 1) {
    try {
      return await call<ETicketCheck>('/api/tickets/verify', {
        method: 'POST',
        body: { code, ...(look ? { look } : {}) },
        headers: { 'idempotency-key': key },
        timeoutMs: 8_000,
      });
    } catch (error) {
      if (!(error instanceof ApiError) || error.problem.status < 500 || tries >= mostTries) throw error;
      await pause(tries * 500);
    }
  }
}
