import type { Clock, Metrics } from '@ticketing/common';
import type { AnnounceTicket } from '../changes';
import type { Tickets } from '../data/tickets';

interface Deps {
  tickets: Pick<Tickets, 'endSales'>;
  announce: AnnounceTicket;
  clock: Clock;
  metrics: Metrics;
  stopping?: AbortSignal;
}

const batchSize = 100;

/**
 * Takes what has begun off the listing, so that no query has to pass over it; resolves with how many tickets. Until its
 * turn comes a hold is refused by the ticket itself.
 */
export async function endSales({ tickets, announce, clock, metrics, stopping }: Deps): Promise<number> {
  let ended = 0;
  for (;;) {
    const batch = await tickets.endSales(clock.now(), batchSize);
    const taken = batch.filter((ticket) => ticket !== null);
    for (const ticket of taken) announce(ticket);
    metrics.reconciled.inc({ reconciler: 'sales', outcome: 'ended' }, taken.length);
    ended += taken.length;
    if (batch.length < batchSize || stopping?.aborted) return ended;
  }
}
