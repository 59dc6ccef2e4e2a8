'use client';

import { useSyncExternalStore } from 'react';

/** The zone of the seller's device, an IANA name; null on the server and until the page is alive. */
export const useSellerZone = (): string | null => useSyncExternalStore(never, sellerZone, () => null);

export const sellerZone = (): string => new Intl.DateTimeFormat().resolvedOptions().timeZone;

const never = () => () => {};
