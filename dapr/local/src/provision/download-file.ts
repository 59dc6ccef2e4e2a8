import { createHash } from 'node:crypto';
import { lookup } from 'node:dns/promises';
import { createReadStream, createWriteStream } from 'node:fs';
import { mkdir, rename, rm } from 'node:fs/promises';
import { basename, dirname } from 'node:path';
import { Readable, Transform } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { EnvHttpProxyAgent, fetch, type Response } from 'undici';
import type { Machine, Possibility, Progress } from './types.js';

export interface DownloadOptions {
  env: NodeJS.ProcessEnv;
  signal: AbortSignal;
  progress?: Progress;
  /** Longest wait for a connection, for an answer, and between two pieces of a body, ms. */
  patienceMs?: number;
}

/** Raised when a download cannot be had; the message names the address and the reason. */
export class DownloadFailed extends Error {}

/**
 * Puts what an address serves at `path`, whole and verified, or leaves nothing there.
 * @param sha256 what it must hash to, in hexadecimal.
 * @throws DownloadFailed on any answer but success, on silence, on a body cut short, and on another checksum.
 */
export async function downloadFile(url: string, path: string, sha256: string, options: DownloadOptions): Promise<void> {
  const partial = `${path}.part`;
  await mkdir(dirname(path), { recursive: true });
  try {
    const response = await request(url, options);
    await pipeline(
      Readable.fromWeb(response.body as Parameters<typeof Readable.fromWeb>[0]),
      countBytes(basename(path), Number(response.headers.get('content-length') ?? 0), options.progress),
      createWriteStream(partial),
      { signal: options.signal },
    );
    const found = await sha256Of(partial);
    if (found !== sha256.toLowerCase()) {
      throw new DownloadFailed(`${url} has checksum ${found}, not ${sha256}: it was deleted`);
    }
    await rename(partial, path);
  } catch (error) {
    await rm(partial, { force: true });
    throw failure(url, error, options.signal);
  }
}

/** What a short text (a checksum list) says. */
export async function downloadText(url: string, options: DownloadOptions): Promise<string> {
  try {
    return await (await request(url, options)).text();
  } catch (error) {
    throw failure(url, error, options.signal);
  }
}

/** The SHA-256 of one file, out of what `sha256sum` writes: one line a file, or the bare checksum. */
export function checksumFor(fileName: string, listing: string): string {
  const lines = listing.split('\n').map((line) => line.trim().split(/\s+\*?/));
  const line =
    lines.find(([, name]) => name !== undefined && basename(name) === fileName) ??
    lines.find(([hash, name]) => hash && !name);
  const hash = line?.[0] ?? '';
  if (!/^[0-9a-f]{64}$/i.test(hash)) throw new DownloadFailed(`no checksum was published for ${fileName}`);
  return hash;
}

export async function sha256Of(path: string): Promise<string> {
  const hash = createHash('sha256');
  await pipeline(createReadStream(path), hash);
  return hash.digest('hex');
}

/** Whether an address's host can be found, within 3 s: an offline machine must not wait for a download to fail. */
export async function canReach(url: string, { env }: Pick<Machine, 'env'>): Promise<Possibility> {
  const { hostname } = new URL(url);
  if (env.HTTPS_PROXY || env.https_proxy) return { possible: true, why: `${hostname} through the proxy` };
  const silence = new Promise<never>((_, reject) => {
    setTimeout(() => reject(new Error('no answer in 3 s')), 3_000).unref();
  });
  try {
    await Promise.race([lookup(hostname), silence]);
    return { possible: true, why: hostname };
  } catch {
    return { possible: false, why: `${hostname} cannot be found from here` };
  }
}

async function request(url: string, { env, signal, patienceMs = 10_000 }: DownloadOptions): Promise<Response> {
  const dispatcher = new EnvHttpProxyAgent({
    httpProxy: env.HTTP_PROXY ?? env.http_proxy ?? '',
    httpsProxy: env.HTTPS_PROXY ?? env.https_proxy ?? '',
    noProxy: env.NO_PROXY ?? env.no_proxy ?? '',
    connect: { timeout: patienceMs },
    headersTimeout: patienceMs,
    bodyTimeout: patienceMs,
  });
  const response = await fetch(url, { dispatcher, signal, redirect: 'follow' });
  if (!response.ok || !response.body) throw new DownloadFailed(`${url} answers ${response.status}`);
  return response;
}

function countBytes(name: string, totalBytes: number, progress?: Progress): Transform {
  let receivedBytes = 0;
  let toldAtMs = performance.now();
  return new Transform({
    transform(chunk: Buffer, _encoding, done) {
      receivedBytes += chunk.length;
      if (performance.now() - toldAtMs > 5_000) {
        toldAtMs = performance.now();
        const whole = totalBytes ? ` of ${megabytes(totalBytes)}` : '';
        progress?.(`${name}: ${megabytes(receivedBytes)}${whole} MB`);
      }
      done(null, chunk);
    },
  });
}

const megabytes = (bytes: number): string => (bytes / 1e6).toFixed(0);

function failure(url: string, error: unknown, signal: AbortSignal): Error {
  if (signal.aborted) return signal.reason instanceof Error ? signal.reason : new Error('stopped');
  if (error instanceof DownloadFailed) return error;
  const { message, cause } = error as Error & { cause?: Error };
  return new DownloadFailed(`${url} could not be had: ${cause?.message ?? message}`);
}
