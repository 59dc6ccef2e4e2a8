// Lives of one purchase with the real payments, drawn from seeds: with webhooks and browsers, with one of them alone, and
// with neither. `SEEDS`, which long runs set, is how many in all; a life that failed is played again by
//   LIFE_SEED=<seed> npx jest tests/purchase/orderings/lives
import { beginningOf } from './all-orderings';
import { playLife, tellers } from './play-life';
import { createWorld } from './world';

const { LIFE_SEED, SEEDS } = process.env;
const seedsInTheGate = 60;
const count = SEEDS ? Math.ceil(Number(SEEDS) / tellers.length) : seedsInTheGate;
const seeds = LIFE_SEED ? [Number(LIFE_SEED)] : Array.from({ length: count }, (_, n) => n + 1);

it.each(tellers)(
  'told by %s: charged once for a ticket, or not at all',
  async (teller) => {
    const beginnings = [await beginningOf('open'), await beginningOf('settle')];
    const ends = new Set<string>();
    for (const seed of seeds) {
      const world = await createWorld();
      try {
        const [unopened, opened] = beginnings;
        const beginning = seed % 3 === 0 ? unopened : opened;
        if (!beginning) throw new Error('there is nowhere to begin');
        const { violations, journal, ended } = await playLife(world, beginning, seed, teller);
        ends.add(ended);
        if (violations.length > 0) {
          const again = `LIFE_SEED=${seed} npx jest tests/purchase/orderings/lives`;
          throw new Error([...violations, `play it again: ${again}`, ...journal].join('\n'));
        }
      } finally {
        await world.close();
      }
    }
    if (seeds.length > 1) expect([...ends].sort()).toEqual(['Cancelled', 'Completed']);
  },
  1_200_000,
);
