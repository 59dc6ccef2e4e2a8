// Runs the transcripts of the README, line by line, in one shell against a running stack.
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

export interface Line {
  command: string;
  /** What the README says it prints. */
  expected: string;
}

export function transcript(path: string): Line[] {
  const blocks = [...readFileSync(path, 'utf8').matchAll(/```console\n([\s\S]*?)```/g)].map(([, block]) => block ?? '');
  const lines: Line[] = [];
  for (const text of blocks.join('').trimEnd().split('\n')) {
    if (text.startsWith('$ ')) lines.push({ command: text.slice(2), expected: '' });
    else {
      const last = lines.at(-1);
      if (!last) throw new Error(`${path}: a transcript begins with output: ${text}`);
      last.expected += `${text}\n`;
    }
  }
  return lines;
}

const mark = '--- next ---';

/** What each line printed. `replace` swaps the README's addresses for those of the stack under test. */
export function runTranscript(lines: readonly Line[], replace: Record<string, string>): string[] {
  const folder = mkdtempSync(join(tmpdir(), 'ticketing-readme-'));
  const script = lines
    .map(({ command }) => Object.entries(replace).reduce((text, [from, to]) => text.replaceAll(from, to), command))
    .map((command) => `${command}\necho '${mark}'`)
    .join('\n');
  try {
    const { stdout, stderr, status } = spawnSync('bash', ['-u'], {
      cwd: folder,
      input: script,
      encoding: 'utf8',
      timeout: 60_000,
    });
    if (status !== 0) throw new Error(`the transcript ended with ${status}: ${stderr}`);
    return stdout.split(`${mark}\n`).slice(0, lines.length);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
