// A port that was free when it was looked at and taken when a program wanted it: what the program says of it before it
// dies is one line of many.
import type { NamedPort } from '../ports';

/** As Node, Go (daprd, placement, NATS), Redis and Java say it, and the Dapr CLI, which looks before it starts. */
const isTaken = /EADDRINUSE|address already in use|Port \d+ is not available/i;

/** @param text the last lines of a program that ended @returns the port that another program has, when that is why */
export function findTakenPort(text: string, ports: readonly NamedPort[]): NamedPort | undefined {
  for (const line of text.split('\n').reverse()) {
    if (!isTaken.test(line)) continue;
    const named = [...line.matchAll(/\b\d{2,5}\b/g)].map(([digits]) => Number(digits));
    const found = ports.find(({ port }) => named.includes(port));
    if (found) return found;
  }
  return undefined;
}
