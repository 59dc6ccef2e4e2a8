import { call } from '@/api/call';
import { ApiError } from '@/api/problem';
import type { Account } from '@/api/types';

/** Who is signed in, null for nobody; nothing when it cannot be found out now: the page stays as it is. */
export async function currentAccountId(timeoutMs?: number): Promise<string | null | undefined> {
  try {
    const options = timeoutMs === undefined ? {} : { timeoutMs };
    const { currentUser } = await call<{ currentUser: Account | null }>('/api/users/currentuser', options);
    return currentUser?.id ?? null;
  } catch (error) {
    if (error instanceof ApiError) return undefined;
    throw error;
  }
}
