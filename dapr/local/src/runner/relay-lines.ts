import type { Readable, Writable } from 'node:stream';
import { StringDecoder } from 'node:string_decoder';

/**
 * `dapr run` reads an app's output with a scanner that stops for ever at a line of 64 KiB; the pipe then fills and the
 * app hangs in its next write. So longer lines are broken here.
 */
export const longestLine = 16_384;

/** Passes lines on from one stream to another and shows each to `see`. */
export function relayLines(from: Readable, to: Writable, see: (line: string) => void): void {
  const decoder = new StringDecoder('utf8');
  let rest = '';
  const pass = (line: string) => {
    see(line);
    to.write(`${line}\n`);
  };
  from.on('data', (chunk: Buffer) => {
    const lines = (rest + decoder.write(chunk)).split('\n');
    rest = lines.pop() ?? '';
    for (const line of lines) for (const piece of pieces(line)) pass(piece);
    while (rest.length > longestLine) {
      pass(rest.slice(0, longestLine));
      rest = rest.slice(longestLine);
    }
  });
  from.on('end', () => {
    if (rest) pass(rest);
  });
}

function pieces(line: string): string[] {
  if (line.length <= longestLine) return [line];
  return Array.from({ length: Math.ceil(line.length / longestLine) }, (_, index) =>
    line.slice(index * longestLine, (index + 1) * longestLine),
  );
}
