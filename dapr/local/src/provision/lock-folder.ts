import { mkdir, open, readFile, rm, stat, utimes } from 'node:fs/promises';
import { hostname } from 'node:os';
import { dirname } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';

export interface LockOptions {
  signal: AbortSignal;
  /** Called once, when another process holds the lock. */
  onWait?: (holder: string) => void;
  /** How often the holder shows that it is alive, ms. */
  heartbeatMs?: number;
  /** A holder not heard of for this long, as seen by the one who waits, is taken for dead, ms. */
  silenceMs?: number;
}

/**
 * Runs `work` while holding a lock file that other processes respect. A lock whose holder is dead is broken: at once
 * when its process is gone from this machine, else after `silenceMs` without a heartbeat (another machine sharing the
 * folder, or a process id that was given away again).
 */
export async function withLock<T>(path: string, options: LockOptions, work: () => Promise<T>): Promise<T> {
  const { heartbeatMs = 5_000 } = options;
  await mkdir(dirname(path), { recursive: true });
  await acquire(path, options);
  const heartbeat = setInterval(() => {
    const now = new Date();
    utimes(path, now, now).catch(() => clearInterval(heartbeat)); // someone removed the folder: nothing left to hold
  }, heartbeatMs);
  heartbeat.unref();
  try {
    return await work();
  } finally {
    clearInterval(heartbeat);
    await rm(path, { force: true });
  }
}

async function acquire(path: string, { signal, onWait, silenceMs = 30_000 }: LockOptions): Promise<void> {
  let told = false;
  let heard = { holder: '', beat: 0, atMs: performance.now() };
  for (;;) {
    signal.throwIfAborted();
    if (await create(path)) return;
    const seen = await look(path);
    if (!seen) continue; // released meanwhile
    if (seen.holder !== heard.holder || seen.beat !== heard.beat) heard = { ...seen, atMs: performance.now() };
    if (isGone(seen.holder) || performance.now() - heard.atMs > silenceMs) {
      await breakLock(path, seen);
      continue;
    }
    if (!told) onWait?.(seen.holder);
    told = true;
    await delay(200, undefined, { signal });
  }
}

async function create(path: string): Promise<boolean> {
  try {
    const file = await open(path, 'wx');
    await file.writeFile(`${hostname()} ${process.pid}`);
    await file.close();
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false;
    throw error;
  }
}

async function look(path: string): Promise<{ holder: string; beat: number } | undefined> {
  try {
    return { holder: await readFile(path, 'utf8'), beat: (await stat(path)).mtimeMs };
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
}

function isGone(holder: string): boolean {
  const [host, pid] = holder.split(' ');
  if (host !== hostname() || !pid) return false;
  try {
    process.kill(Number(pid), 0);
    return false;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'ESRCH'; // EPERM: alive, and another user's
  }
}

/**
 * Removes a dead holder's lock. Two processes may see the same dead lock; the second must not remove the first one's
 * new lock, so removal itself takes a (very short) lock, and looks again.
 */
async function breakLock(path: string, dead: { holder: string; beat: number }): Promise<void> {
  const breaker = `${path}.break`;
  if (!(await create(breaker))) {
    const other = await look(breaker);
    if (other && isGone(other.holder)) await rm(breaker, { force: true });
    await delay(50);
    return;
  }
  try {
    const now = await look(path);
    if (now && now.holder === dead.holder && now.beat === dead.beat) await rm(path, { force: true });
  } finally {
    await rm(breaker, { force: true });
  }
}
