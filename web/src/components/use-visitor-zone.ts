'use client';
import { useSyncExternalStore } from 'react';

/** What the server says, and the browser until the page is alive: both render the same. */
export const serverZone = 'UTC';

/** The IANA name of the zone of the visitor's device, once the page is alive. */
export const useVisitorZone = (): string => useSyncExternalStore(neverChanges, visitorZone, () => serverZone);

const neverChanges = () => () => {};
const visitorZone = () => Intl.DateTimeFormat().resolvedOptions().timeZone || serverZone;
