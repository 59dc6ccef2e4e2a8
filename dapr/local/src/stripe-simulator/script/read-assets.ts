import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Answer } from '../http/answer';

/** Plain files for browsers; they are not compiled, so they are read from the sources also when dist runs. */
const folder = join(__dirname, '../../../src/stripe-simulator/script/browser');

const scripts = 'text/javascript; charset=utf-8';
const styles = 'text/css; charset=utf-8';
const pages = 'text/html; charset=utf-8';

const types: Record<string, string> = {
  'card-frame.html': pages,
  'card-frame.js': scripts,
  'card-look.js': scripts,
  'card-rules.js': scripts,
  'card-frame.css': styles,
  'answered.js': scripts,
  'challenge.js': scripts,
  'pages.css': styles,
};

const policy =
  "default-src 'none'; script-src 'self'; style-src 'self'; img-src data:; connect-src 'self'; form-action 'self' http: https:; base-uri 'none'; frame-ancestors http: https:";

const stripeJs = readFileSync(join(folder, 'stripe.js'), 'utf8');
const assets = new Map(Object.keys(types).map((name) => [name, readFileSync(join(folder, name), 'utf8')]));

/** What /elements/NAME answers. */
export function answerAsset(name: string): Answer | null {
  const body = assets.get(name);
  const type = types[name];
  return body !== undefined && type ? { status: 200, body, headers: { 'content-type': type, ...guards } } : null;
}

/** Pages elsewhere load it. */
export const answerStripeJs = (): Answer => ({
  status: 200,
  body: stripeJs,
  headers: {
    'content-type': scripts,
    'access-control-allow-origin': '*',
    'cross-origin-resource-policy': 'cross-origin',
  },
});

export const answerPage = (body: string, status = 200): Answer => ({
  status,
  body,
  headers: { 'content-type': pages, ...guards },
});

const guards = {
  'content-security-policy': policy,
  'x-content-type-options': 'nosniff',
  'referrer-policy': 'no-referrer',
  'cross-origin-resource-policy': 'cross-origin',
};
