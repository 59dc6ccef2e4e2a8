import type { Message } from '../message';
import type { Answer } from './answers';

/** A mail's own markup. It may be anything, so: no scripts, no forms, nothing loaded but pictures; links open apart. */
export const mailFrame = ({ html, text }: Message): Answer => ({
  status: 200,
  headers: {
    'content-type': 'text/html; charset=utf-8',
    'content-security-policy':
      "default-src 'none'; style-src 'unsafe-inline'; img-src data: https: http:; base-uri 'none'; form-action 'none'; sandbox allow-popups allow-popups-to-escape-sandbox",
  },
  body: `<!doctype html><meta charset="utf-8"><base target="_blank">${html ?? text.replaceAll('<', '&lt;')}`,
});
