'use client';

import { useSyncExternalStore } from 'react';
import { unsentPayment } from './unsent-payment';

/** Said to a buyer who pressed "Pay" and finds the sign-in page instead. */
export function NothingCharged({ next }: { next: string }) {
  const isUnsent = useSyncExternalStore(
    unsentPayment.hear,
    () => unsentPayment.isOf(next),
    () => false,
  );
  return (
    <div role="status">
      {isUnsent && (
        <p className="notice">
          You had been signed out, so your card was not sent and nothing was charged. Sign in to go on: your ticket is
          held until the time to pay is over.
        </p>
      )}
    </div>
  );
}
