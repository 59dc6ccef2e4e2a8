import { constants } from 'node:fs';
import { access, stat } from 'node:fs/promises';
import { homedir } from 'node:os';
import { delimiter, join } from 'node:path';
import { runCommand } from './run-command.js';
import type { Machine } from './types.js';

/** Every program of these names on the PATH, then in the folders given (`~` is the user's home), in that order. */
export async function* findPrograms(names: string[], machine: Machine, folders: string[] = []): AsyncGenerator<string> {
  const home = machine.env.HOME ?? homedir();
  const path = (machine.env.PATH ?? '').split(delimiter).filter(Boolean);
  for (const folder of new Set([...path, ...folders.map((folder) => folder.replace(/^~/, home))])) {
    for (const name of names) {
      if (await isExecutable(join(folder, name))) yield join(folder, name);
    }
  }
}

export async function findProgram(name: string, machine: Machine): Promise<string | undefined> {
  for await (const path of findPrograms([name], machine)) return path;
  return undefined;
}

/** The first version number that a program prints when asked, or undefined when it prints none or cannot run. */
export async function askVersion(
  argv: string[],
  env: NodeJS.ProcessEnv,
  pattern = /(\d+\.\d+\.\d+)/,
): Promise<string | undefined> {
  const answer = await runCommand(argv, { env, timeoutMs: 10_000 }).catch(() => undefined);
  return answer && pattern.exec(`${answer.stdout}\n${answer.stderr}`)?.[1];
}

async function isExecutable(path: string): Promise<boolean> {
  try {
    await access(path, constants.X_OK);
    return (await stat(path)).isFile();
  } catch {
    return false; // not there, or not ours to run: to a search both mean "no"
  }
}
