// Which lines of a program that failed tell why: what it logged as an error, as our services (pino), daprd (logrus) and
// a Node that dies of an error write it; where nothing is marked so, whatever it said last.
const keptLines = 20;

/** @param lines oldest first */
export function tellingLines(lines: readonly string[], count = keptLines): string[] {
  const errors = lines.filter((line) => isError(line));
  return (errors.length > 0 ? errors : lines).slice(-count);
}

/** Remembers what one run of a program wrote; begun anew at each start, so that no older run speaks for it. */
export class LinesOfARun {
  private errors: string[] = [];
  private all: string[] = [];

  begin(): void {
    this.errors = [];
    this.all = [];
  }

  see(line: string, stream: 'stdout' | 'stderr'): void {
    keep(this.all, line);
    if (stream === 'stderr' || isError(line)) keep(this.errors, line);
  }

  telling(): string[] {
    return this.errors.length > 0 ? this.errors : this.all;
  }
}

function keep(lines: string[], line: string): void {
  lines.push(line);
  if (lines.length > keptLines) lines.shift();
}

const isError = (line: string) =>
  /"level":(50|60)\b|\blevel=(error|fatal)\b|^\s*(panic|fatal error|\w*Error): /.test(line);
