import {
  closeSync,
  existsSync,
  fstatSync,
  ftruncateSync,
  mkdirSync,
  openSync,
  readFileSync,
  renameSync,
  writeSync,
} from 'node:fs';
import { dirname } from 'node:path';

/** One kept fact: `kind` says which collection, `value` is the whole object as it is now. */
export interface Entry {
  kind: string;
  value: unknown;
}

/**
 * An append-only file of JSON lines. `append` returns when the operating system has the lines, so that killing this
 * process loses nothing that was answered (a power cut may). `rewrite` replaces the file in one rename.
 */
export class Journal {
  private descriptor: number;
  private bytes: number;

  private constructor(private readonly file: string) {
    this.descriptor = openSync(file, 'a');
    this.bytes = fstatSync(this.descriptor).size;
  }

  /** Reads what is there, forgetting a last line that a crash cut short. Throws when the file is damaged elsewhere. */
  static open(file: string): { journal: Journal; entries: Entry[] } {
    mkdirSync(dirname(file), { recursive: true });
    const entries = existsSync(file) ? readEntries(file) : [];
    return { journal: new Journal(file), entries };
  }

  append(entries: Entry[]): void {
    this.bytes += writeWhole(this.descriptor, linesOf(entries));
  }

  get sizeBytes(): number {
    return this.bytes;
  }

  rewrite(entries: Iterable<Entry>): void {
    const fresh = `${this.file}.new`;
    const descriptor = openSync(fresh, 'w');
    let bytes = 0;
    for (const batch of batchesOf(entries, 500)) bytes += writeWhole(descriptor, linesOf(batch));
    renameSync(fresh, this.file);
    closeSync(this.descriptor);
    this.descriptor = descriptor;
    this.bytes = bytes;
  }

  close(): void {
    closeSync(this.descriptor);
  }
}

const linesOf = (entries: Entry[]): Buffer =>
  Buffer.from(entries.map(({ kind, value }) => `${JSON.stringify([kind, value])}\n`).join(''));

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
  return lines.map((line, index) => entryOf(line, `${file}:${index + 1}`));
}

function entryOf(line: string, place: string): Entry {
  try {
    const [kind, value] = JSON.parse(line) as [string, unknown];
    return { kind, value };
  } catch (cause) {
    throw new Error(`${place} is damaged: remove the file to start with empty test payments.`, { cause });
  }
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
