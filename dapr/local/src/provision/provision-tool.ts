import { constants } from 'node:fs';
import { access, mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { withLock } from './lock-folder.js';
import { clearFolder, defaultCacheDir, markComplete, readComplete, toolFolder } from './tool-cache.js';
import type { Inspection, Machine, Provisioned, ProvisionOptions, Tool, ToolName } from './types.js';
import { hasImage } from './ways/run-in-docker.js';

/** Raised when no way to get a tool has worked: one sentence that names the tool and what to do. */
export class NotProvisioned extends Error {
  constructor(
    readonly tool: ToolName,
    message: string,
  ) {
    super(message);
  }
}

/** An installed tool if it will do, else the cached one, else the first of the tool's ways that works. */
export async function provisionTool(tool: Tool, options: ProvisionOptions): Promise<Provisioned> {
  const { progress, signal = new AbortController().signal, env = process.env } = options;
  const machine = thisMachine(env);
  const cacheDir = options.cacheDir ?? defaultCacheDir(env);
  const found = (await findInstalled(tool, machine, progress)) ?? (await findCached(tool, cacheDir, machine));
  if (found) return found;
  await requireWritable(tool, cacheDir);
  const onWait = (holder: string): void =>
    progress(`${tool.name}: waiting for another run that is getting it (${holder})`);
  return withLock(join(cacheDir, 'locks', `${tool.name}.lock`), { signal, onWait }, async () => {
    const gotMeanwhile = await findCached(tool, cacheDir, machine);
    return gotMeanwhile ?? (await tryWays(tool, toolFolder(cacheDir, tool, machine), machine, progress, signal));
  });
}

/** What there is of a tool and how it could be had; changes nothing. */
export async function inspectTool(
  tool: Tool,
  options: { cacheDir?: string; env?: NodeJS.ProcessEnv } = {},
): Promise<Inspection> {
  const { env = process.env } = options;
  const machine = thisMachine(env);
  const cacheDir = options.cacheDir ?? defaultCacheDir(env);
  const found = (await findInstalled(tool, machine)) ?? (await findCached(tool, cacheDir, machine));
  const ways = await Promise.all(tool.ways.map(async (way) => ({ way: way.name, ...(await way.possible(machine)) })));
  return { name: tool.name, wanted: tool.wanted, ways, ...(found && { found }) };
}

const thisMachine = (env: NodeJS.ProcessEnv): Machine => ({ env, platform: process.platform, arch: process.arch });

async function findInstalled(
  tool: Tool,
  machine: Machine,
  tell?: (line: string) => void,
): Promise<Provisioned | undefined> {
  for await (const { command, version } of tool.installed(machine)) {
    if (tool.accepts(version)) return { name: tool.name, version, way: 'installed', command };
    tell?.(`${tool.name}: ${command[0]} is version ${version}, not ${tool.wanted}: not taken`);
  }
  return undefined;
}

async function findCached(tool: Tool, cacheDir: string, machine: Machine): Promise<Provisioned | undefined> {
  const cached = await readComplete(toolFolder(cacheDir, tool, machine));
  if (!cached || !(await stillRuns(cached, machine.env))) return undefined;
  return { ...cached, name: tool.name, way: 'cache' };
}

/** A cached command may lean on what is not in the cache: a Java, a Docker image. */
async function stillRuns(
  { command: [program = ''], container }: Pick<Provisioned, 'command' | 'container'>,
  env: NodeJS.ProcessEnv,
): Promise<boolean> {
  const executable = await access(program, constants.X_OK).then(
    () => true,
    () => false,
  );
  return executable && (!container || (await hasImage(program, container.image, env)));
}

async function tryWays(
  tool: Tool,
  folder: string,
  machine: Machine,
  progress: ProvisionOptions['progress'],
  signal: AbortSignal,
): Promise<Provisioned> {
  const reasons: string[] = [];
  for (const way of tool.ways) {
    const { possible, why } = await way.possible(machine);
    if (!possible) {
      reasons.push(`${way.name}: ${why}`);
      progress(`${tool.name}: not by ${way.name}: ${why}`);
      continue;
    }
    await clearFolder(folder);
    await mkdir(folder, { recursive: true });
    try {
      const obtained = await way.get({ ...machine, folder, progress, signal });
      await markComplete(folder, { ...obtained, way: way.name });
      progress(`${tool.name} ${obtained.version}: ready (${way.name})`);
      return { ...obtained, name: tool.name, way: way.name };
    } catch (error) {
      await clearFolder(folder);
      signal.throwIfAborted();
      const reason = (error as Error).message;
      reasons.push(`${way.name}: ${reason}`);
      progress(`${tool.name}: ${way.name} did not work: ${reason}`);
    }
  }
  const sentence = `${tool.name} (${tool.wanted}) is needed and could not be got (${reasons.join('; ')}): ${tool.advice(machine)}.`;
  throw new NotProvisioned(tool.name, sentence);
}

async function requireWritable(tool: Tool, cacheDir: string): Promise<void> {
  try {
    await mkdir(cacheDir, { recursive: true });
    await access(cacheDir, constants.W_OK);
  } catch (error) {
    const reason = (error as NodeJS.ErrnoException).code;
    const advice = 'make it writable or set TICKETING_CACHE to a folder that is.';
    throw new NotProvisioned(tool.name, `${tool.name} cannot be kept in ${cacheDir} (${reason}): ${advice}`);
  }
}
