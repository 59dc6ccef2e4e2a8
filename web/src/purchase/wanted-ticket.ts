// Remembers, in this tab, that somebody pressed Buy before they were signed in. A link alone (`?buy=1`, in an e-mail of a
// stranger) never starts a purchase.

interface Wanted {
  ticketId: string;
  /** Cents, as seen when Buy was pressed. */
  price: number;
  key: string;
  atMs: number;
}

const name = 'wanted-ticket';
const forgottenAfterMs = 30 * 60_000;

export function rememberWanted(wanted: Omit<Wanted, 'atMs'>): void {
  sessionStorage.setItem(name, JSON.stringify({ ...wanted, atMs: Date.now() }));
}

/** What was wanted of this ticket, once: reading it forgets it. */
export function takeWanted(ticketId: string): Wanted | undefined {
  const text = sessionStorage.getItem(name);
  if (text === null) return undefined;
  sessionStorage.removeItem(name);
  const wanted = JSON.parse(text) as Wanted;
  return wanted.ticketId === ticketId && Date.now() - wanted.atMs < forgottenAfterMs ? wanted : undefined;
}
