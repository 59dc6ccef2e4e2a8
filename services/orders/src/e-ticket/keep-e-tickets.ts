import { createHash } from 'node:crypto';
import type { ETicketFacts } from './render-e-ticket';

export interface ETickets {
  /** One that was drawn from the same facts, or is being drawn; nothing when it would have to be drawn. */
  find(facts: ETicketFacts): Promise<Buffer> | undefined;
  /** Found, or drawn and kept. @throws what drawing throws */
  draw(facts: ETicketFacts): Promise<Buffer>;
}

interface Kept {
  pdf: Promise<Buffer>;
  /** Nothing while it is being drawn. */
  bytes: number;
}

/** Keeps in memory what was asked for last: the same facts always give the same bytes. */
export function keepETickets(draw: (facts: ETicketFacts) => Promise<Buffer>, mostBytes = 8 * 1024 * 1024): ETickets {
  // A map keeps the order of insertion: the first is the one that nobody has asked for for the longest.
  const kept = new Map<string, Kept>();
  const find = (key: string) => {
    const found = kept.get(key);
    if (!found) return undefined;
    kept.delete(key);
    kept.set(key, found);
    return found.pdf;
  };
  const forgetOldest = () => {
    let bytes = [...kept.values()].reduce((sum, one) => sum + one.bytes, 0);
    for (const [key, one] of kept) {
      if (bytes <= mostBytes) return;
      kept.delete(key);
      bytes -= one.bytes;
    }
  };
  const drawn = (key: string, facts: ETicketFacts) => {
    const one: Kept = { pdf: draw(facts), bytes: 0 };
    kept.set(key, one);
    one.pdf.then(
      ({ length }) => {
        one.bytes = length;
        forgetOldest();
      },
      // Whoever waits for it is told; the next one tries again.
      () => kept.delete(key),
    );
    return one.pdf;
  };
  return {
    find: (facts) => find(keyOf(facts)),
    draw: (facts) => find(keyOf(facts)) ?? drawn(keyOf(facts), facts),
  };
}

const keyOf = (facts: ETicketFacts): string => createHash('sha256').update(JSON.stringify(facts)).digest('base64');
