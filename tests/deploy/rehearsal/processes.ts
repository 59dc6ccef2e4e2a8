// Programs that run as long as the rehearsal does, each with its log in one folder.
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { openSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { until } from './until';

export interface Processes {
  start(name: string, program: string, words: string[], env?: NodeJS.ProcessEnv): ChildProcess;
  /** @throws Error with the end of the program's log, when that ends or `holds` does not within three minutes */
  until(what: string, name: string, holds: () => boolean | Promise<boolean>): Promise<void>;
  stop(): Promise<void>;
}

const startsWithinMs = 180_000;

export function processesIn(folder: string): Processes {
  const started = new Map<string, ChildProcess>();
  const endOf = async (name: string) => {
    const child = started.get(name);
    if (child && !hasEnded(child)) await once(child, 'exit');
    throw new Error(`${name} has ended`);
  };
  const logOf = (name: string) => join(folder, `${name}.log`);
  return {
    start(name, program, words, env = process.env) {
      const log = openSync(logOf(name), 'a');
      const child = spawn(program, words, { stdio: ['ignore', log, log], env });
      started.set(name, child);
      return child;
    },
    async until(what, name, holds) {
      try {
        await Promise.race([until(what, startsWithinMs, holds), endOf(name)]);
      } catch (error) {
        const log = readFileSync(logOf(name), 'utf8').split('\n').slice(-10).join('\n');
        throw new Error(`${error instanceof Error ? error.message : error}\n${log}`, { cause: error });
      }
    },
    async stop() {
      for (const child of [...started.values()].reverse()) await ended(child);
    },
  };
}

export async function ended(child: ChildProcess): Promise<void> {
  if (hasEnded(child)) return;
  const exit = once(child, 'exit');
  child.kill('SIGKILL');
  await exit;
}

const hasEnded = (child: ChildProcess) => child.exitCode !== null || child.signalCode !== null;
