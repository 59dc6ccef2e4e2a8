import type { Request, RequestHandler } from 'express';
import type { Clock } from '../clock';
import { notSignedIn, Problem } from './problem';
import { cookieOf, type Session, sessionCookie, verifySession } from './session-token';
import type { SignedOutSessions } from './signed-out';

export interface Sessions {
  /** Stops with 401 unless the visitor is signed in; afterwards `sessionOf(req)` tells who it is. */
  require: RequestHandler;
  /** The visitor's session, if it is signed by us, not lapsed and not signed out. */
  read(req: Request): Promise<Session | undefined>;
}

const known = new WeakMap<Request, Session>();

/** @throws Error when the route does not stand behind `sessions.require` */
export function sessionOf(req: Request): Session {
  const session = known.get(req);
  if (!session) throw new Error(`${req.method} ${req.path} reads a session but does not require one`);
  return session;
}

export function createSessions(key: string, signedOut: SignedOutSessions, clock: Clock): Sessions {
  const read = async (req: Request): Promise<Session | undefined> => {
    const session = verifySession(cookieOf(req.headers.cookie, sessionCookie), key, clock.now());
    if (!session) return undefined;
    return (await signedOut.has(session).catch(unavailable)) ? undefined : session;
  };
  return {
    read,
    require: async (req, _res, next) => {
      const session = await read(req);
      if (!session) throw notSignedIn();
      known.set(req, session);
      next();
    },
  };
}

function unavailable(cause: unknown): never {
  const problem = new Problem(
    503,
    'SessionsUnavailable',
    'We cannot check your session right now. Try again in a moment.',
    {
      headers: { 'Retry-After': '2' },
    },
  );
  problem.cause = cause;
  throw problem;
}
