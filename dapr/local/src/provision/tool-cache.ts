import { createHash } from 'node:crypto';
import { readdir, readFile, rename, rm, stat, writeFile } from 'node:fs/promises';
import { homedir } from 'node:os';
import { join, relative } from 'node:path';
import type { Machine, Obtained, Tool } from './types.js';

/** The folder that tools are kept in: `TICKETING_CACHE`, else `ticketing` in the user's cache folder. */
export function defaultCacheDir(env: NodeJS.ProcessEnv = process.env, platform = process.platform): string {
  if (env.TICKETING_CACHE) return env.TICKETING_CACHE;
  const home = env.HOME ?? homedir();
  if (platform === 'darwin') return join(home, 'Library', 'Caches', 'ticketing');
  return join(env.XDG_CACHE_HOME || join(home, '.cache'), 'ticketing');
}

/** Where one version of a tool for this kind of machine is kept. */
export function toolFolder(cacheDir: string, tool: Pick<Tool, 'name' | 'version'>, machine: Machine): string {
  return join(cacheDir, tool.name, `${tool.version}-${machine.platform}-${machine.arch}`);
}

const MARKER = 'complete.json';

interface Marker {
  tool: Obtained & { way: string };
  /** Each file's size in bytes, so that one cut short by a full disk is seen. */
  files: Record<string, number>;
  /** The folder's own path: a cache that was moved is not trusted, as commands hold absolute paths. */
  folder: string;
  digest: string;
}

/** Says that a tool's folder is whole. Written last, by renaming, so that it is there entirely or not at all. */
export async function markComplete(folder: string, tool: Obtained & { way: string }): Promise<void> {
  const marker = { tool, files: await fileSizes(folder), folder };
  const draft = join(folder, `${MARKER}.${process.pid}.draft`);
  await writeFile(draft, JSON.stringify({ ...marker, digest: digestOf(marker) }, null, 2));
  await rename(draft, join(folder, MARKER));
}

/** What a folder holds, or undefined unless it was marked complete and is still as it was then. */
export async function readComplete(folder: string): Promise<(Obtained & { way: string }) | undefined> {
  const text = await readFile(join(folder, MARKER), 'utf8').catch(() => undefined);
  if (text === undefined) return undefined;
  const marker = parseMarker(text);
  if (!marker || marker.folder !== folder) return undefined;
  for (const [file, bytes] of Object.entries(marker.files)) {
    const found = await stat(join(folder, file)).catch(() => undefined);
    if (found?.size !== bytes) return undefined;
  }
  return marker.tool;
}

/** Removes whatever an unfinished attempt has left. */
export async function clearFolder(folder: string): Promise<void> {
  await rm(join(folder, MARKER), { force: true }); // first, so that a half-removed folder is not trusted either
  await rm(folder, { recursive: true, force: true });
}

function parseMarker(text: string): Marker | undefined {
  try {
    const { digest, ...marker } = JSON.parse(text) as Marker;
    return digest === digestOf(marker) ? { digest, ...marker } : undefined;
  } catch {
    return undefined; // not what `markComplete` writes: the folder is made again
  }
}

function digestOf(marker: Omit<Marker, 'digest'>): string {
  return createHash('sha256').update(JSON.stringify(marker)).digest('hex');
}

async function fileSizes(folder: string): Promise<Record<string, number>> {
  const sizes: Record<string, number> = {};
  for (const entry of await readdir(folder, { recursive: true, withFileTypes: true })) {
    if (!entry.isFile()) continue;
    const path = join(entry.parentPath, entry.name);
    sizes[relative(folder, path)] = (await stat(path)).size;
  }
  return sizes;
}
