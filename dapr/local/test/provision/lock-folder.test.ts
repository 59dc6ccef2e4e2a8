import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { hostname, tmpdir } from 'node:os';
import { join } from 'node:path';
import { withLock } from '../../src/provision/lock-folder.js';
import { waitFor } from '../wait-for.js';

let folder: string;
let lock: string;
const signal = new AbortController().signal;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'lock-'));
  lock = join(folder, 'locks', 'tool.lock');
});

afterEach(() => rmSync(folder, { recursive: true }));

test('When several want the same lock, then only one works at a time, and each gets its turn', async () => {
  let inside = 0;
  let most = 0;
  const work = async (): Promise<void> => {
    inside += 1;
    most = Math.max(most, inside);
    await new Promise(setImmediate);
    inside -= 1;
  };
  await Promise.all(Array.from({ length: 4 }, () => withLock(lock, { signal }, work)));
  expect(most).toBe(1);
  expect(existsSync(lock)).toBe(false);
});

test('When the work fails, then the lock is free again', async () => {
  await expect(withLock(lock, { signal }, () => Promise.reject(new Error('no luck')))).rejects.toThrow('no luck');
  expect(existsSync(lock)).toBe(false);
});

test('When the holder is a process that has died, then the lock is broken at once, by one of those who wait', async () => {
  const dead = spawnSync(process.execPath, ['-e', '']).pid;
  await withLock(lock, { signal }, async () => undefined);
  writeFileSync(lock, `${hostname()} ${dead}`);
  const holders: string[] = [];
  const hold = (): Promise<void> =>
    withLock(lock, { signal, silenceMs: 3_600_000 }, async () => {
      holders.push(readFileSync(lock, 'utf8'));
    });
  await Promise.all([hold(), hold(), hold()]);
  expect(holders).toEqual(Array(3).fill(`${hostname()} ${process.pid}`));
});

test('When the holder is on another machine and falls silent, then the lock is broken after the silence', async () => {
  await withLock(lock, { signal }, async () => undefined);
  writeFileSync(lock, 'another-machine 1');
  const waitedFor: string[] = [];
  const startedMs = performance.now();
  await withLock(lock, { signal, silenceMs: 500, onWait: (holder) => waitedFor.push(holder) }, async () => undefined);
  expect(waitedFor).toEqual(['another-machine 1']);
  expect(performance.now() - startedMs).toBeGreaterThan(450);
});

test('When a holder works longer than the silence, then its heartbeat keeps the lock', async () => {
  const order: string[] = [];
  let release: () => void = () => undefined;
  const first = withLock(lock, { signal, heartbeatMs: 50 }, async () => {
    await new Promise<void>((resolve) => {
      release = resolve;
    });
    order.push('first');
  });
  await waitFor(() => existsSync(lock));
  const second = withLock(lock, { signal, silenceMs: 1_500 }, async () => {
    order.push('second');
  });
  const beats = new Set<number>();
  await waitFor(() => beats.add(statSync(lock).mtimeMs).size > 50); // 2.5 s, longer than the silence
  expect(order).toEqual([]);
  release();
  await Promise.all([first, second]);
  expect(order).toEqual(['first', 'second']);
});

test('When the one who waits is stopped, then it stops waiting', async () => {
  const stop = new AbortController();
  await withLock(lock, { signal }, async () => {
    const waiting = withLock(lock, { signal: stop.signal }, async () => undefined);
    stop.abort(new Error('stopped by the user'));
    await expect(waiting).rejects.toThrow();
  });
});
