import { timingSafeEqual } from 'node:crypto';
import type { Request, RequestHandler } from 'express';
import { Problem } from '../http/problem';

/**
 * Lets only the sidecar in: daprd sends the token it was started with (`APP_API_TOKEN`) on every call to the app,
 * and the SDK does not check it. Without a token configured (plain `dapr run`), only loopback may call, and no browser:
 * any site's page can make one send a POST to 127.0.0.1, but not without `Sec-Fetch-Site` or `Origin`.
 */
export const requireSidecar = (token: string | undefined): RequestHandler => {
  const expected = token === undefined ? undefined : Buffer.from(token);
  return (req, _res, next) => {
    const given = Buffer.from(req.get('dapr-api-token') ?? '');
    const allowed = expected
      ? given.length === expected.length && timingSafeEqual(given, expected)
      : isLoopback(req.socket.remoteAddress) && !isFromBrowser(req);
    next(allowed ? undefined : new Problem(403, 'NotFromSidecar', 'Only the Dapr sidecar may call this.'));
  };
};

/** Lets in only what the named apps asked for through their sidecars. Identity is daprd's word for it. */
export const requireCaller =
  (...apps: string[]): RequestHandler =>
  (req, _res, next) => {
    const caller = req.get('dapr-caller-app-id');
    next(
      caller && apps.includes(caller)
        ? undefined
        : new Problem(403, 'CallerNotAllowed', 'This service may not call this.'),
    );
  };

const isFromBrowser = (req: Request): boolean =>
  req.get('origin') !== undefined || req.get('sec-fetch-site') !== undefined;

export const isLoopback = (address: string | undefined): boolean =>
  address !== undefined && /^(::1|(::ffff:)?127\.\d+\.\d+\.\d+)$/.test(address);
