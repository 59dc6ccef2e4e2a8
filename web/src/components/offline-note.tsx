'use client';
import { useSyncExternalStore } from 'react';

/** Says that the device has no connection, and that nothing is lost by it. A live region that is there from the start. */
export function OfflineNote() {
  const isOnline = useSyncExternalStore(whenConnectionChanges, isConnected, () => true);
  return (
    <div role="status" className="offline-note">
      {isOnline ? null : (
        <p>You are offline. What you see may be out of date; this page catches up by itself when you are back.</p>
      )}
    </div>
  );
}

const isConnected = () => navigator.onLine;

function whenConnectionChanges(changed: () => void): () => void {
  window.addEventListener('online', changed);
  window.addEventListener('offline', changed);
  return () => {
    window.removeEventListener('online', changed);
    window.removeEventListener('offline', changed);
  };
}
