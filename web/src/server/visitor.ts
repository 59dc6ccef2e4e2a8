import { cookies } from 'next/headers';
import { cache } from 'react';
import type { Account } from '@/api/types';
import { callApi, sessionCookie } from './transport';

/** `unknown`: there is a session, but auth cannot be asked who it is. */
export type Visitor = { state: 'signedIn'; account: Account } | { state: 'signedOut' } | { state: 'unknown' };

/** Who is looking; asked once for a page, and not at all without a session. A secondary call: pages live without it. */
export const currentVisitor = cache(async (): Promise<Visitor> => {
  if (!(await cookies()).has(sessionCookie)) return { state: 'signedOut' };
  const answer = await callApi<{ currentUser: Account | null }>('auth', '/api/users/currentuser', { timeoutMs: 2_500 });
  if (!answer.ok) return { state: 'unknown' };
  const { currentUser } = answer.body;
  return currentUser ? { state: 'signedIn', account: currentUser } : { state: 'signedOut' };
});
