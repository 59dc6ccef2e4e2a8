import { connect } from 'node:net';
import { setTimeout as pause } from 'node:timers/promises';

const lookEveryMs = 100;

/** Asks until the answer is yes. @returns false when `timeoutMs` have passed; throws what `signal` was aborted with */
export async function waitUntil(ask: () => Promise<boolean>, timeoutMs: number, signal: AbortSignal): Promise<boolean> {
  const deadline = Date.now() + timeoutMs;
  for (;;) {
    signal.throwIfAborted();
    if (await ask()) return true;
    if (Date.now() > deadline) return false;
    await pause(lookEveryMs, undefined, { signal });
  }
}

export const accepts = (port: number, host = '127.0.0.1') =>
  new Promise<boolean>((resolve) => {
    const socket = connect({ port, host, timeout: 2_000 });
    const answer = (yes: boolean) => {
      socket.destroy();
      resolve(yes);
    };
    socket.once('connect', () => answer(true));
    socket.once('error', () => answer(false));
    socket.once('timeout', () => answer(false));
  });

export async function answersOk(url: string, headers: Record<string, string> = {}): Promise<boolean> {
  try {
    const response = await fetch(url, { headers, signal: AbortSignal.timeout(5_000) });
    await response.body?.cancel();
    return response.ok;
  } catch {
    // Not listening yet, or too slow: either way not ready, and asked again.
    return false;
  }
}
