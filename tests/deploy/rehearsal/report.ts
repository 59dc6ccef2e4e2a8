// What is told while it is rehearsed, with the seconds since the start, and what went wrong.
const started = Date.now();
const faults: string[] = [];

export const tell = (line: string): void =>
  void process.stdout.write(`[${String(Math.round((Date.now() - started) / 1000)).padStart(4)} s] ${line}\n`);

/** @param seen what there was instead, told when it does not hold */
export function expect(what: string, holds: boolean, seen: () => unknown): void {
  tell(`${holds ? '   ok' : 'WRONG'}  ${what}`);
  if (holds) return;
  faults.push(what);
  const instead = seen();
  const said = typeof instead === 'string' ? instead : JSON.stringify(instead, null, 2);
  process.stdout.write(`${said.split('\n').slice(-seenLines).join('\n')}\n`);
}

/** A play tells at its end what went wrong. */
const seenLines = 100;

/** Tells the end. @returns the exit code */
export function conclude(): number {
  tell(faults.length === 0 ? 'All went as it should.' : `${faults.length} went wrong: ${faults.join('; ')}`);
  return faults.length === 0 ? 0 : 1;
}
