import type { IncomingHttpHeaders, IncomingMessage } from 'node:http';
import type { Transform } from 'node:stream';
import { constants, createBrotliCompress, createGzip } from 'node:zlib';

export interface Encoding {
  name: 'br' | 'gzip';
  encoder(): Transform;
}

const leastBytes = 1_024;
const json = /^application\/(?:[\w.-]+\+)?json\b/;

/**
 * Compresses JSON for those who ask. Never event streams, whose events would wait in the encoder; nor what is small or
 * encoded already; nor what has a strong ETag, which names exact bytes and comes back in If-Match.
 */
export function chooseEncoding(
  request: IncomingMessage,
  status: number,
  headers: IncomingHttpHeaders,
): Encoding | undefined {
  if (request.method === 'HEAD' || status === 204 || status === 304) return undefined;
  if (!json.test(headers['content-type'] ?? '') || headers['content-encoding']) return undefined;
  if (headers.etag?.startsWith('"') || Number(headers['content-length'] ?? leastBytes) < leastBytes) return undefined;
  const accepted = acceptedEncodings(String(request.headers['accept-encoding'] ?? ''));
  return encodings.find(({ name }) => accepted.has(name));
}

const encodings: Encoding[] = [
  // Quality 4 costs about what gzip does; the default, 11, is for files compressed once.
  { name: 'br', encoder: () => createBrotliCompress({ params: { [constants.BROTLI_PARAM_QUALITY]: 4 } }) },
  { name: 'gzip', encoder: () => createGzip({ level: 5 }) },
];

const acceptedEncodings = (header: string) =>
  new Set(
    header
      .toLowerCase()
      .split(',')
      .map((part) => part.trim().split(/\s*;\s*q=/))
      .filter(([, weight]) => weight === undefined || Number(weight) > 0)
      .map(([name]) => name),
  );
