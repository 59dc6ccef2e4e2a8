// Before every page: the security headers, with a nonce of its own for each answer. And, where the web client runs
// without an ingress in front (development, or alone against a cluster), the way to the API.
import { type NextRequest, NextResponse } from 'next/server';
import { decodedPath } from './api/paths';
import { readConfiguration } from './server/configuration';
import { contentSecurityPolicy } from './server/content-security-policy';

/** Not for files that never change: they carry no document and need no policy. */
export const config = { matcher: ['/((?!_next/static|_next/image|healthz|readyz).*)'] };

export function proxy(request: NextRequest): NextResponse {
  const { apiUrl, publicUrl, stripeScriptUrl } = readConfiguration();
  const { pathname, search } = request.nextUrl;
  if (apiUrl && (pathname === '/api' || pathname.startsWith('/api/'))) {
    return NextResponse.rewrite(new URL(pathname + search, apiUrl));
  }
  if (!methods.includes(request.method)) {
    return new NextResponse(null, { status: 405, headers: { ...securityHeaders, allow: methods.join(', ') } });
  }
  const policy = contentSecurityPolicy({
    nonce: Buffer.from(crypto.getRandomValues(new Uint8Array(16))).toString('base64'),
    stripeOrigin: stripeScriptUrl?.origin,
    development: process.env.NODE_ENV === 'development',
  });
  // Next takes the nonce of its own scripts from the policy that it finds on the request.
  const headers = new Headers(request.headers);
  headers.set('content-security-policy', policy);
  // Next would answer 500 for an address that a page with a parameter cannot be asked by.
  const response =
    decodedPath(pathname) === undefined
      ? NextResponse.rewrite(new URL(missingPath, request.url), { request: { headers } })
      : NextResponse.next({ request: { headers } });
  for (const [name, value] of Object.entries(securityHeaders)) response.headers.set(name, value);
  response.headers.set('content-security-policy', policy);
  // Not wherever somebody came by HTTPS: on a cluster of one's own, people go back to HTTP.
  if (publicUrl.protocol === 'https:') {
    response.headers.set('strict-transport-security', 'max-age=31536000; includeSubDomains');
  }
  return response;
}

/** By POST a page is shown as by GET: what was sent to it is not read. */
const methods = ['GET', 'HEAD', 'POST'];

/** Next's own name for `not-found.tsx`. */
const missingPath = '/_not-found';

const securityHeaders = {
  'referrer-policy': 'strict-origin-when-cross-origin',
  'x-content-type-options': 'nosniff',
  'x-frame-options': 'DENY',
  'cross-origin-opener-policy': 'same-origin-allow-popups',
  'permissions-policy': 'camera=(self), microphone=(), geolocation=(), usb=(), browsing-topics=(), payment=(self)',
};
