import type { Clock } from '../clock';
import { sessionCookie, signSession } from '../http/session-token';
import { newId } from '../ids';
import { testSecrets } from './in-process-dapr';

const dayMs = 24 * 3600 * 1000;

/** What the browser of somebody who is signed in sends as `Cookie`, as auth would have set it. */
export function sessionCookieOf(userId: string, clock: Clock): string {
  const key = testSecrets['jwt-secret']?.key;
  if (!key) throw new Error('the secrets of the tests have no session key');
  const issuedAt = clock.now();
  const expiresAt = new Date(issuedAt.getTime() + dayMs);
  const session = { sessionId: newId(), userId, issuedAt, expiresAt };
  return `${sessionCookie}=${signSession(session, key)}`;
}
