interface OnFailure {
  /** Before the reason, on standard error. */
  prefix?: string;
  exitCode?: number;
}

/** Ends this process as an operator's command does: with the code that comes of it, or with one sentence when it fails. */
export function runCommand(command: Promise<number>, { prefix = '', exitCode = 1 }: OnFailure = {}): void {
  command.then(
    (code) => {
      process.exitCode = code;
    },
    (error: unknown) => {
      process.stderr.write(`${prefix}${error instanceof Error ? error.message : String(error)}\n`);
      process.exitCode = exitCode;
    },
  );
}
