// One life of a purchase, drawn from a seed: whatever may happen to it happens at any line of whatever else is going on,
// three deep, with crashes, lost answers and lost events among it. Beyond what all-orderings.ts can count through.
import { seededRandom } from '@ticketing/common/testing';
import { type Doing, doings } from './doings';
import { describeLine, type Fate, type Line } from './lines';
import { audit, canStrike, fateOf, faultKinds, mend } from './play-ordering';
import type { Beginning, World } from './world';

/** Who tells payments that a card was approved or refused. */
export const tellers = ['browser and webhooks', 'browser only', 'webhooks only', 'nobody'] as const;
export type Teller = (typeof tellers)[number];

const doingsOf: Record<Teller, readonly Doing[]> = {
  'browser and webhooks': ['settle', 'webhook', 'decline', 'retry', 'open', 'approval', 'refund'],
  'browser only': ['settle', 'decline', 'retry', 'open', 'approval', 'refund'],
  'webhooks only': ['webhook', 'open', 'approval'],
  nobody: ['open', 'approval'],
};
const ends: readonly Doing[] = ['expiry', 'cancel', 'last decline', 'cancelled at Stripe'];

export interface Life {
  violations: string[];
  journal: string[];
  ended: string;
}

export async function playLife(world: World, beginning: Beginning, seed: number, teller: Teller): Promise<Life> {
  const random = seededRandom(seed);
  const journal: string[] = [];
  const done: Doing[] = [];
  let depth = 0;
  let isOver = false;

  const next = (): Doing => {
    const from = random.next() < 0.15 ? ends : doingsOf[teller];
    const doing = from[random.below(from.length)] ?? 'open';
    done.push(doing);
    return doing;
  };
  const act = async (): Promise<void> => {
    const doing = next();
    journal.push(`${'  '.repeat(depth)}${doing}`);
    await doings[doing](world);
  };
  const strike = (line: Line): Fate => {
    if (random.next() >= 0.03) return 'go';
    const kind = faultKinds[random.below(faultKinds.length)];
    return kind && canStrike(kind, line) ? fateOf(kind) : 'go';
  };
  const befall = async (line: Line): Promise<Fate> => {
    if (isOver) return 'go';
    if (depth < 3 && random.next() < 0.06) {
      depth += 1;
      await world.whileHalted(line, act);
      depth -= 1;
    }
    const fate = strike(line);
    journal.push(`${'  '.repeat(depth + 1)}${describeLine(line)}${fate === 'go' ? '' : ` -- ${fate}`}`);
    return fate;
  };

  world.begin(beginning, befall);
  world.dapr.faults = {
    deliver: ({ attempt }) => {
      const drawn = isOver ? 1 : random.next();
      if (drawn < 0.05) return 'repeat';
      return drawn < 0.1 && attempt < 4 ? 'loseAnswer' : undefined;
    },
  };
  const count = 2 + random.below(4);
  for (let n = 0; n < count; n++) {
    await act();
    await world.settleAll();
  }
  isOver = true;
  await mend(world);
  return { violations: audit(world, done), journal, ended: world.order().status };
}
