import {
  closeSync,
  existsSync,
  ftruncateSync,
  mkdirSync,
  openSync,
  readFileSync,
  renameSync,
  writeSync,
} from 'node:fs';
import { dirname } from 'node:path';
import { deflateSync, inflateSync } from 'node:zlib';

/** One kept fact: `kind` says which collection, `value` is the whole object as it is now. */
export interface Entry {
  kind: string;
  value: unknown;
}

/**
 * An append-only file of lines: a JSON entry each, or, once rewritten, many entries packed into a line. `append` returns
 * when the operating system has the lines, so that killing this process loses nothing that was answered (a power cut
 * may). `rewrite` replaces the file in one rename.
 */
export class Journal {
  private descriptor: number;
  private appendedBytes = 0;

  private constructor(private readonly file: string) {
    this.descriptor = openSync(file, 'a');
  }

  /** Reads what is there, forgetting a last line that a crash cut short. Throws when the file is damaged elsewhere. */
  static open(file: string): { journal: Journal; entries: Entry[] } {
    mkdirSync(dirname(file), { recursive: true });
    const entries = existsSync(file) ? readEntries(file) : [];
    return { journal: new Journal(file), entries };
  }

  append(entries: Entry[]): void {
    this.appendedBytes += writeWhole(this.descriptor, linesOf(entries));
  }

  /** How much was appended since the file was opened or rewritten. */
  get tailBytes(): number {
    return this.appendedBytes;
  }

  /** Returns the size of the entries before they were packed: what it costs to rewrite them. */
  rewrite(entries: Iterable<Entry>): number {
    const fresh = `${this.file}.new`;
    const descriptor = openSync(fresh, 'w');
    let bytes = 0;
    for (const batch of batchesOf(entries, 500)) {
      const lines = linesOf(batch);
      bytes += lines.length;
      writeWhole(descriptor, packed(lines));
    }
    renameSync(fresh, this.file);
    closeSync(this.descriptor);
    this.descriptor = descriptor;
    this.appendedBytes = 0;
    return bytes;
  }

  close(): void {
    closeSync(this.descriptor);
  }
}

const linesOf = (entries: Entry[]): Buffer =>
  Buffer.from(entries.map(({ kind, value }) => `${JSON.stringify([kind, value])}\n`).join(''));

const packedMark = '~';

/** The objects of one kind are much alike: a tenth of their size is left. */
const packed = (lines: Buffer): Buffer =>
  lines.length === 0 ? lines : Buffer.from(`${packedMark}${deflateSync(lines).toString('base64')}\n`);

function writeWhole(descriptor: number, content: Buffer): number {
  for (let written = 0; written < content.length; ) {
    written += writeSync(descriptor, content, written, content.length - written);
  }
  return content.length;
}

function readEntries(file: string): Entry[] {
  const content = readFileSync(file);
  const end = content.lastIndexOf('\n') + 1;
  if (end < content.length) cutAt(file, end);
  const lines = content.subarray(0, end).toString('utf8').split('\n').slice(0, -1);
  return lines.flatMap((line, index) => entriesOf(line, `${file}:${index + 1}`));
}

function entriesOf(line: string, place: string): Entry[] {
  try {
    const isPacked = line.startsWith(packedMark);
    const text = isPacked
      ? inflateSync(Buffer.from(line.slice(1), 'base64'))
          .toString('utf8')
          .trimEnd()
      : line;
    return text.split('\n').map(entryOf);
  } catch (cause) {
    throw new Error(`${place} is damaged: remove the file to start with empty test payments.`, { cause });
  }
}

function entryOf(line: string): Entry {
  const [kind, value] = JSON.parse(line) as [string, unknown];
  return { kind, value };
}

function cutAt(file: string, end: number): void {
  const descriptor = openSync(file, 'r+');
  ftruncateSync(descriptor, end);
  closeSync(descriptor);
}

function* batchesOf(entries: Iterable<Entry>, size: number): Generator<Entry[]> {
  let batch: Entry[] = [];
  for (const entry of entries) {
    batch.push(entry);
    if (batch.length < size) continue;
    yield batch;
    batch = [];
  }
  yield batch;
}
