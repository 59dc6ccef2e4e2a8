import type { Progress } from './types.js';

/** Says what begins, and every 15 s that it goes on: `daprd: building … 45 s`, with what `detail` adds. */
export async function tellProgress<T>(
  progress: Progress,
  what: string,
  work: () => Promise<T>,
  detail: () => string = () => '',
): Promise<T> {
  progress(`${what} …`);
  const startedMs = performance.now();
  const elapsedSeconds = (): number => Math.round((performance.now() - startedMs) / 1000);
  const heartbeat = setInterval(() => progress(`${what} … ${elapsedSeconds()} s ${detail()}`.trimEnd()), 15_000);
  try {
    return await work();
  } finally {
    clearInterval(heartbeat);
  }
}
