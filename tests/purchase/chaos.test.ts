// Lives of the marketplace under every fault there is, each drawn from a seed. One that failed is played again by
//   CHAOS_SEED=<seed> npx jest tests/purchase -t seed
// `SEEDS`, which long runs set, counts cheaper things elsewhere: here a tenth of it, as one life takes up to a second.
import { closeDatabases, type Databases, openDatabases } from './marketplace';
import { playChaos } from './play-chaos';

const { CHAOS_SEED, SEEDS } = process.env;
const seedsInTheGate = 24;
const count = SEEDS ? Math.ceil(Number(SEEDS) / 10) : seedsInTheGate;
const seeds = CHAOS_SEED ? [Number(CHAOS_SEED)] : Array.from({ length: count }, (_, n) => n + 1);
const longestMs = 60_000;

let databases: Databases;
beforeAll(async () => {
  databases = await openDatabases();
});
afterAll(() => closeDatabases(databases));

it.each(seeds)(
  'seed %i: no ticket is sold twice, held for ever or lost, no order is left open, no event is lost',
  async (seed) => {
    const { violations, journal } = await playChaos({ seed, databases });
    if (violations.length > 0) {
      const again = `CHAOS_SEED=${seed} npx jest tests/purchase -t seed`;
      throw new Error([...violations, `play it again: ${again}`, ...journal].join('\n'));
    }
  },
  longestMs,
);

it(
  'finds it when a guard is missing: a release that does not look at whose hold it ends',
  async () => {
    const found: string[] = [];
    for (let seed = 1; found.length === 0 && seed <= 40; seed++) {
      const { violations } = await playChaos({
        seed,
        databases,
        sabotage: (stored) => ({
          async release(id, _orderId, now) {
            const holder = (await stored.find(id))?.orderId;
            return holder ? stored.release(id, holder, now) : null;
          },
        }),
      });
      found.push(...violations);
    }
    expect(found).toContainEqual(expect.stringMatching(/a hold lost|two live orders/));
  },
  2 * longestMs,
);
