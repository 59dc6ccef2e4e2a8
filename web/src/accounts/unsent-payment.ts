// Of an order whose buyer pressed "Pay" after the session was over: no card was sent. The page may have moved to sign in
// before that is known, so whoever shows it hears of it, too.
import { tabStorage } from '@/tab/tab-storage';

const key = 'unsent-payment';
const listeners = new Set<() => void>();

export const unsentPayment = {
  /** @param page of the order */
  keep(page: string): void {
    tabStorage.keep(key, page);
    for (const listener of listeners) listener();
  },
  isOf: (page: string): boolean => tabStorage.recall<string>(key) === page,
  /** The buyer is back at the form. */
  forget: (): void => tabStorage.forget(key),
  /** @returns stops it */
  hear(listener: () => void): () => void {
    listeners.add(listener);
    return () => void listeners.delete(listener);
  },
};
