import type { IncomingHttpHeaders } from 'node:http';
import { unauthorized } from './stripe-error';

export interface Keys {
  publishableKey: string;
  secretKey: string;
}

/** Which of the two keys a request carries: as Bearer, as Basic user name, or (browsers) as the parameter `key`. */
export function authenticateKey(
  headers: IncomingHttpHeaders,
  keyParameter: unknown,
  { publishableKey, secretKey }: Keys,
): 'publishable' | 'secret' {
  const key = keyInHeader(headers.authorization) ?? (typeof keyParameter === 'string' ? keyParameter : null);
  if (key === secretKey) return 'secret';
  if (key === publishableKey) return 'publishable';
  if (key) throw unauthorized(`Invalid API Key provided: ${masked(key)}`);
  throw unauthorized(
    "You did not provide an API key. You need to provide your API key in the Authorization header, using Bearer auth (e.g. 'Authorization: Bearer YOUR_SECRET_KEY'). See https://stripe.com/docs/api#authentication for details, or we can help at https://support.stripe.com/.",
  );
}

export const secretKeyRequired = () =>
  unauthorized(
    'This API call cannot be made with a publishable API key. Please use a secret API key. You can find a list of your API keys at https://dashboard.stripe.com/account/apikeys.',
    'secret_key_required',
  );

function keyInHeader(authorization = ''): string | null {
  const [scheme = '', credentials = ''] = authorization.split(' ', 2);
  if (/^bearer$/i.test(scheme)) return credentials;
  if (/^basic$/i.test(scheme)) return Buffer.from(credentials, 'base64').toString('utf8').split(':')[0] ?? null;
  return null;
}

const masked = (key: string): string =>
  key.length < 12 ? '*'.repeat(key.length) : `${key.slice(0, 8)}${'*'.repeat(8)}${key.slice(-4)}`;
