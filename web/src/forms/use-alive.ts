import { useSyncExternalStore } from 'react';

/** Whether scripts answer already: false in the page as it is sent. */
export const useAlive = (): boolean =>
  useSyncExternalStore(
    neverChanges,
    () => true,
    () => false,
  );

const neverChanges = () => () => {};
