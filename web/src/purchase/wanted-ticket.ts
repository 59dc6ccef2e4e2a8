// Remembers, in this tab, that somebody pressed Buy before they were signed in. A link alone (`?buy=1`, in an e-mail of a
// stranger) never starts a purchase.
import { tabStorage } from '@/tab/tab-storage';

interface Wanted {
  ticketId: string;
  /** Cents, as seen when Buy was pressed. */
  price: number;
  key: string;
  atMs: number;
}

const name = 'wanted-ticket';
const forgottenAfterMs = 30 * 60_000;

export const rememberWanted = (wanted: Omit<Wanted, 'atMs'>): void =>
  tabStorage.keep(name, { ...wanted, atMs: Date.now() });

/** What was wanted of this ticket, once: reading it forgets it. */
export function takeWanted(ticketId: string): Wanted | undefined {
  const wanted = tabStorage.recall<Wanted>(name);
  tabStorage.forget(name);
  return wanted?.ticketId === ticketId && Date.now() - wanted.atMs < forgottenAfterMs ? wanted : undefined;
}
