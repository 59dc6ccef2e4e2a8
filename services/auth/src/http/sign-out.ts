import { type Clock, type Log, Problem, type Sessions, type SignedOutSessions } from '@ticketing/common';
import type { Request, RequestHandler } from 'express';
import { clearSessionCookie } from './session-cookie';

interface Deps {
  sessions: Sessions;
  signedOut: SignedOutSessions;
  clock: Clock;
  log: Log;
}

/**
 * Who is not signed in is answered the same: there is nothing left to do. A form that a page sends without scripts is led
 * to the page that says so, or that it could not be done.
 */
export const signOut =
  ({ sessions, signedOut, clock, log }: Deps): RequestHandler =>
  async (req, res) => {
    try {
      const session = await sessions.read(req);
      if (session) await signedOut.add(session, clock.now()).catch(notSignedOut);
    } catch (error) {
      if (!(error instanceof Problem && isSentByPage(req))) throw error;
      log.error({ err: error, method: req.method, path: req.path }, 'could not sign out');
      return res.redirect(303, '/signout?failed=1');
    }
    clearSessionCookie(req, res);
    if (isSentByPage(req)) res.redirect(303, '/signout');
    else res.status(204).end();
  };

const isSentByPage = (req: Request): boolean => req.accepts(['application/json', 'text/html']) === 'text/html';

function notSignedOut(cause: unknown): never {
  const problem = new Problem(503, 'SessionsUnavailable', 'You are still signed in. Try again in a moment.', {
    headers: { 'Retry-After': '2' },
  });
  problem.cause = cause;
  throw problem;
}
