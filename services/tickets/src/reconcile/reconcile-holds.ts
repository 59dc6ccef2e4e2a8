// Rule 5 of the purchase protocol: a hold whose order was never written, or whose end was never heard of, is found here.
import type { AbandonedHold, Clock, Log, Metrics, OrderStatus } from '@ticketing/common';
import type { AnnounceTicket } from '../changes';
import type { TicketRecord } from '../data/ticket-model';
import type { Tickets } from '../data/tickets';

interface Deps {
  tickets: Tickets;
  announce: AnnounceTicket;
  /** Asks orders about holds; orders writes a tombstone for each order it has never seen. */
  abandon(holds: readonly AbandonedHold[]): Promise<Map<string, OrderStatus>>;
  clock: Clock;
  metrics: Metrics;
  log: Log;
  /** When a hold that is live is asked about again. */
  recheckMs: number;
  stopping?: AbortSignal;
}

const batchSize = 100;

/** One round over what is due; resolves with how many holds were looked at. */
export async function reconcileHolds(deps: Deps): Promise<number> {
  let seen = 0;
  for (;;) {
    const due = await deps.tickets.dueForCheck(deps.clock.now(), batchSize);
    if (due.length > 0) await settle(deps, due);
    seen += due.length;
    if (due.length < batchSize || deps.stopping?.aborted) return seen;
  }
}

async function settle({ tickets, announce, abandon, clock, metrics, log, recheckMs }: Deps, due: TicketRecord[]) {
  const holds = due.flatMap(({ _id, orderId, heldBy }) =>
    orderId && heldBy ? [{ ticketId: _id, orderId, buyerId: heldBy }] : [],
  );
  const statuses = await abandon(holds);
  const now = clock.now();
  const live: typeof holds = [];
  for (const hold of holds) {
    const status = statuses.get(hold.orderId);
    if (status === 'Cancelled' || status === 'Completed') {
      const changed = await (status === 'Cancelled' ? tickets.release : tickets.markSold)(
        hold.ticketId,
        hold.orderId,
        now,
      );
      if (changed) announce(changed);
      metrics.reconciled.inc({ reconciler: 'holds', outcome: status === 'Cancelled' ? 'released' : 'sold' });
      log.info({ ...hold, status }, 'settled a hold that nobody had told us the end of');
    } else live.push(hold);
  }
  await tickets.postponeCheck(live, new Date(now.getTime() + recheckMs));
}
