import { call } from '@/api/call';
import { ApiError } from '@/api/problem';
import type { Ticket } from '@/api/types';
import type { SentTicket } from './read-ticket-form';

/**
 * Saves a change made to `base`. A version rises also when somebody began to buy and did not pay: then the ticket is as
 * the seller saw it, and the change is made to the new version.
 * @returns the ticket as it was saved; or `stale`, as it is now, when somebody changed it meanwhile: nothing is saved then
 * @throws ApiError for every other refusal
 */
export async function putUnlessStale(base: Ticket, change: SentTicket): Promise<{ saved: Ticket } | { stale: Ticket }> {
  try {
    return { saved: await put(base, change) };
  } catch (error) {
    if (!(error instanceof ApiError) || error.problem.status !== 412) throw error;
  }
  const now = await call<Ticket>(`/api/tickets/${base.id}`);
  if (!sameListing(base, now)) return { stale: now };
  return { saved: await put(now, change) };
}

const put = ({ id, version }: Ticket, body: SentTicket) =>
  call<Ticket>(`/api/tickets/${id}`, { method: 'PUT', body, headers: { 'if-match': `"${version}"` } });

const sameListing = (one: Ticket, other: Ticket): boolean =>
  one.title === other.title &&
  one.price === other.price &&
  (one.venue ?? null) === (other.venue ?? null) &&
  (one.startsAt ?? null) === (other.startsAt ?? null);
