// Of all tabs of this browser only one pays an order at a time. It spares people surprises; that nobody pays twice is
// not left to it: an order has one PaymentIntent, and Stripe confirms that once.

const lockOf = (orderId: string): string => `payment-${orderId}`;

/** @returns `busy` when another tab is at it, without having begun */
export async function oneTabAtATime<Result>(orderId: string, work: () => Promise<Result>): Promise<Result | 'busy'> {
  // Not there on plain http, except on this machine.
  if (!('locks' in navigator)) return work();
  return navigator.locks.request(lockOf(orderId), { ifAvailable: true }, (lock) => (lock ? work() : ('busy' as const)));
}

/** Comes back when the other tab has finished, or was closed. */
export async function otherTabDone(orderId: string): Promise<void> {
  await navigator.locks.request(lockOf(orderId), async () => undefined);
}
