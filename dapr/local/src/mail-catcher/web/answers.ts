import type { ServerResponse } from 'node:http';
import type { Attachment } from '../message';

export interface Answer {
  status: number;
  headers: Record<string, string>;
  body: string | Buffer;
}

export function send(response: ServerResponse, { status, headers, body }: Answer): void {
  response.writeHead(status, {
    'cache-control': 'no-store',
    'x-content-type-options': 'nosniff',
    'referrer-policy': 'no-referrer',
    ...headers,
  });
  response.end(body);
}

export const answerJson = (status: number, value: unknown): Answer => ({
  status,
  headers: { 'content-type': 'application/json' },
  body: JSON.stringify(value),
});

export const answerText = (contentType: string, body: string, status = 200): Answer => ({
  status,
  headers: { 'content-type': `${contentType}; charset=utf-8` },
  body,
});

/** A page of the inbox itself: nothing from elsewhere, nothing inline. */
export const answerPage = (body: string): Answer => ({
  status: 200,
  headers: {
    'content-type': 'text/html; charset=utf-8',
    'content-security-policy':
      "default-src 'none'; style-src 'self'; script-src 'self'; img-src data:; connect-src 'self'; frame-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'",
  },
  body,
});

export const answerFile = ({ contentType, filename, contentBase64 }: Attachment): Answer => ({
  status: 200,
  headers: {
    'content-type': /^[\w.+-]+\/[\w.+-]+$/.test(contentType) ? contentType : 'application/octet-stream',
    'content-disposition': `attachment; filename*=UTF-8''${encodeURIComponent(filename)}`,
    'content-security-policy': "default-src 'none'; sandbox",
  },
  body: Buffer.from(contentBase64, 'base64'),
});

export const redirect = (location: string): Answer => ({ status: 303, headers: { location }, body: '' });
