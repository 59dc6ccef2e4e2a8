import { type ChildProcess, type SpawnOptions, spawn } from 'node:child_process';
import type { Ending, KeptProcess } from './keep-running';

export interface StartedProcess extends KeptProcess {
  child: ChildProcess;
}

/**
 * Starts a program. One that cannot be started (not there, not executable) ends with code 127 rather than throwing, so
 * that callers have one way to hear of a failure; why is told to `onFault`.
 */
export function startProcess(words: string[], options: SpawnOptions, onFault: (error: Error) => void): StartedProcess {
  const [program = '', ...rest] = words;
  const child = spawn(program, rest, options);
  const ended = new Promise<Ending>((resolve) => {
    child.once('error', (error) => {
      onFault(error);
      if (child.pid === undefined) resolve({ code: 127, signal: null });
    });
    // 'close' rather than 'exit': by then everything it wrote has been read.
    child.once('close', (code, signal) => resolve({ code, signal }));
  });
  return {
    child,
    pid: child.pid ?? 0,
    ended,
    signal: (signal) => void child.kill(signal),
  };
}
