import { type Clock, Problem, type Sessions, type SignedOutSessions } from '@ticketing/common';
import type { RequestHandler } from 'express';
import { clearSessionCookie } from './session-cookie';

interface Deps {
  sessions: Sessions;
  signedOut: SignedOutSessions;
  clock: Clock;
}

/**
 * Who is not signed in is answered the same: there is nothing left to do. A form that a page sends without scripts is led
 * to the page that says so.
 */
export const signOut =
  ({ sessions, signedOut, clock }: Deps): RequestHandler =>
  async (req, res) => {
    const session = await sessions.read(req);
    if (session) await signedOut.add(session, clock.now()).catch(notSignedOut);
    clearSessionCookie(req, res);
    if (req.accepts(['application/json', 'text/html']) === 'text/html') res.redirect(303, '/signout');
    else res.status(204).end();
  };

function notSignedOut(cause: unknown): never {
  const problem = new Problem(503, 'SessionsUnavailable', 'You are still signed in. Try again in a moment.', {
    headers: { 'Retry-After': '2' },
  });
  problem.cause = cause;
  throw problem;
}
