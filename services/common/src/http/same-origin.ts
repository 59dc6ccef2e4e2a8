import type { RequestHandler } from 'express';
import { Problem } from './problem';

const safeMethods = new Set(['GET', 'HEAD', 'OPTIONS']);

/**
 * Refuses changes that another site's page makes a browser send. Browsers always tell by `Sec-Fetch-Site` or `Origin`;
 * a request with neither (curl, a webhook) carries no visitor's cookies by accident and is let through.
 */
export const sameOrigin: RequestHandler = (req, _res, next) => {
  if (safeMethods.has(req.method)) return next();
  const site = req.get('sec-fetch-site');
  const origin = req.get('origin');
  const foreign = site ? site !== 'same-origin' && site !== 'none' : origin !== undefined && !isOwn(origin, req.host);
  next(foreign ? new Problem(403, 'ForeignOrigin', 'This request came from another site and was refused.') : undefined);
};

const isOwn = (origin: string, host: string): boolean => URL.canParse(origin) && new URL(origin).host === host;
