import { type ChildProcess, spawn } from 'node:child_process';
import { createInterface } from 'node:readline';

export interface CommandOptions {
  cwd?: string;
  env?: NodeJS.ProcessEnv;
  signal?: AbortSignal;
  timeoutMs?: number;
  /** Hears each line that the command prints, on either stream. */
  onLine?: (line: string) => void;
}

export interface CommandResult {
  code: number;
  /** Both streams, each in its own order. */
  stdout: string;
  stderr: string;
}

/** Raised when a command cannot be started, outlives its time, or is asked for and fails. */
export class CommandFailed extends Error {}

/** Runs a command to its end and says how it went; `requireCommand` is the one that minds. */
export function runCommand([program = '', ...args]: string[], options: CommandOptions = {}): Promise<CommandResult> {
  const { cwd, env = process.env, signal, timeoutMs, onLine } = options;
  return new Promise((resolve, reject) => {
    signal?.throwIfAborted();
    // A group of its own, so that what the command started ends with it.
    const child = spawn(program, args, { cwd, env, detached: true, stdio: ['ignore', 'pipe', 'pipe'] });
    const output = { stdout: [] as string[], stderr: [] as string[] };
    let stoppedBecause: Error | undefined;
    const stop = (reason: Error): void => {
      stoppedBecause = reason;
      killGroup(child);
    };
    const onAbort = (): void => stop(signal?.reason instanceof Error ? signal.reason : new Error('stopped'));
    signal?.addEventListener('abort', onAbort, { once: true });
    const timer =
      timeoutMs && setTimeout(() => stop(new CommandFailed(`${program} gave no answer in ${timeoutMs} ms`)), timeoutMs);
    for (const name of ['stdout', 'stderr'] as const) {
      createInterface({ input: child[name] }).on('line', (line) => {
        output[name].push(line);
        onLine?.(line);
      });
    }
    const settle = (finish: () => void): void => {
      if (timer) clearTimeout(timer);
      signal?.removeEventListener('abort', onAbort);
      finish();
    };
    child.once('error', (error) =>
      settle(() => reject(new CommandFailed(`${program} cannot be started: ${error.message}`))),
    );
    child.once('close', (code) =>
      settle(() =>
        stoppedBecause
          ? reject(stoppedBecause)
          : resolve({ code: code ?? 1, stdout: output.stdout.join('\n'), stderr: output.stderr.join('\n') }),
      ),
    );
  });
}

/** As `runCommand`, but rejects with the command's last words unless it ends with 0. */
export async function requireCommand(argv: string[], options: CommandOptions = {}): Promise<CommandResult> {
  const result = await runCommand(argv, options);
  if (result.code === 0) return result;
  const lastWords = (result.stderr || result.stdout).trim().split('\n').slice(-3).join(' | ').slice(-600);
  throw new CommandFailed(`${argv[0]} ended with ${result.code}: ${lastWords}`);
}

function killGroup(child: ChildProcess): void {
  if (child.pid === undefined) return;
  try {
    process.kill(-child.pid, 'SIGKILL');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error; // ESRCH: it has just ended by itself
  }
}
