'use client';

import { useRouter } from 'next/navigation';
import { useEffect } from 'react';
import { currentAccountId } from './current-account-id';
import { sessionChanges } from './session-channel';

/** Coming back to a tab asks at most this often. */
const askAgainMs = 5_000;

interface Props {
  /** Whom this page was made for; null for a visitor who is not signed in. */
  accountId: string | null;
}

/** Notices a sign-in or sign-out in another tab or on another device, and renews the page for who is there now. */
export function WatchSession({ accountId }: Props) {
  const router = useRouter();
  useEffect(() => {
    let askedAt = performance.now();
    const ask = async () => {
      askedAt = performance.now();
      const now = await currentAccountId();
      if (now !== undefined && now !== accountId) router.refresh();
    };
    const returned = () => {
      if (document.visibilityState === 'visible' && performance.now() - askedAt > askAgainMs) void ask();
    };
    const shown = (event: PageTransitionEvent) => {
      if (event.persisted) void ask();
    };
    const stopListening = sessionChanges.hear(() => void ask());
    window.addEventListener('focus', returned);
    window.addEventListener('pageshow', shown);
    document.addEventListener('visibilitychange', returned);
    return () => {
      stopListening();
      window.removeEventListener('focus', returned);
      window.removeEventListener('pageshow', shown);
      document.removeEventListener('visibilitychange', returned);
    };
  }, [accountId, router]);
  return null;
}
