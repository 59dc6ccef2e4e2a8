import type { IncomingHttpHeaders, IncomingMessage } from 'node:http';
import type { Transform } from 'node:stream';
import { constants, createBrotliCompress, createGzip } from 'node:zlib';

export interface Encoding {
  name: 'br' | 'gzip';
  encoder(): Transform;
}

const leastBytes = 1_024;
const json = /^application\/(?:[\w.-]+\+)?json\b/;
const texts =
  /^(?:text\/(?:html|css|javascript|plain|xml|x-component)|application\/(?:javascript|xml)|image\/svg\+xml)\b/;

/**
 * Compresses JSON, pages and scripts for those who ask. Never event streams, whose events would wait in the encoder; nor
 * what is small or encoded already; nor JSON that has a strong ETag, which names exact bytes and comes back in If-Match.
 */
export function chooseEncoding(
  request: IncomingMessage,
  status: number,
  headers: IncomingHttpHeaders,
): Encoding | undefined {
  if (request.method === 'HEAD' || status === 204 || status === 206 || status === 304) return undefined;
  const type = headers['content-type'] ?? '';
  if (!(json.test(type) || texts.test(type)) || headers['content-encoding']) return undefined;
  if (json.test(type) && headers.etag?.startsWith('"')) return undefined;
  if (Number(headers['content-length'] ?? leastBytes) < leastBytes) return undefined;
  const accepted = acceptedEncodings(String(request.headers['accept-encoding'] ?? ''));
  const encodings = /\bimmutable\b/.test(headers['cache-control'] ?? '') ? onceForAll : asItComes;
  return encodings.find(({ name }) => accepted.has(name));
}

/** Quality 4 costs about what gzip does. Each piece of a page goes out as it comes, as the server meant it to. */
const asItComes: Encoding[] = [
  {
    name: 'br',
    encoder: () =>
      createBrotliCompress({
        flush: constants.BROTLI_OPERATION_FLUSH,
        params: { [constants.BROTLI_PARAM_QUALITY]: 4 },
      }),
  },
  { name: 'gzip', encoder: () => createGzip({ level: 5, flush: constants.Z_SYNC_FLUSH }) },
];

/** What a browser fetches once and keeps is worth more work. */
const onceForAll: Encoding[] = [
  { name: 'br', encoder: () => createBrotliCompress({ params: { [constants.BROTLI_PARAM_QUALITY]: 9 } }) },
  { name: 'gzip', encoder: () => createGzip({ level: 9 }) },
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
