import { setTimeout as wait } from 'node:timers/promises';
import { DropEvent } from '@ticketing/common';
import type { Post } from './post-office';

/**
 * A mail that cannot be sent now is told as such no sooner than this. The sidecar tries an event seven times, within 5 to
 * 16 s when each fails at once: less than a mail server needs to start again, or a mail that a dead process had in hand to
 * be taken over. So it takes 36 s at least, and no more than it may: each try is answered within 6 s.
 */
export const failureMs = 4_500;

/** The same, but what may work later fails slowly; what never will, and what works, is told at once. */
export const failSlowly =
  (post: Post, ms = failureMs): Post =>
  async (...mail) => {
    const begun = performance.now();
    try {
      await post(...mail);
    } catch (error) {
      if (!(error instanceof DropEvent)) await wait(Math.max(0, begun + ms - performance.now()));
      throw error;
    }
  };
