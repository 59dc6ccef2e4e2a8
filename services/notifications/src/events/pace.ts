// How events come in, and how what fails is told: mails go one after the other, and a mail server may be away.
import type { Subscription } from '@ticketing/common';

/**
 * Events of a topic in hand at once. A batch is tried for a minute at most, and its mails go one after the other: of a
 * hundred, a mail server that takes half a second for each would leave some without a turn, for the dead letters.
 */
const mostInBatch = 10;

export type Pace = Required<Pick<Subscription, 'mostInBatch' | 'concurrency' | 'retryNoSoonerThanMs'>>;

export const pace: Pace = {
  mostInBatch,
  /** Each event of a batch may ask for its turn at once: mails wait there, not for each other here. */
  concurrency: mostInBatch,
  /**
   * The sidecar tries an event seven times, within 5 to 16 s when each fails at once: less than a mail server needs to
   * start again, or a mail that a dead process had in hand to be taken over. So it takes 36 s at least, and no more than
   * it may: each try is answered within 6 s.
   */
  retryNoSoonerThanMs: 4_500,
};
