// Every ordering of what may happen to a payment ends in one of two ways: captured once and the order completed, or
// nothing captured and the order cancelled. Pairs, and single faults, are the gate's; `ORDERINGS=all` adds all triples.
import {
  allDoings,
  namedDoings,
  playFault,
  playPair,
  playPairWithFault,
  playTwoFaults,
  type Tally,
} from './all-orderings';
import { readSection, renderPairs, renderTriples } from './orderings-page';

const longestMs = 20 * 60_000;
const stale = 'docs/architecture/orderings.md tells of other orderings than were played: run `npm run orderings`';

describe('pairs', () => {
  const pairs: Tally[] = [];
  const faults: Tally[] = [];

  describe.each(allDoings)('while %s is being done', (first) => {
    it.each(allDoings)(
      'and %s comes before any of its lines, or after it',
      async (second) => {
        pairs.push(...(await playPair(first, second)));
      },
      longestMs,
    );

    it(
      'and payments crashes, or Stripe does not answer, at any of its lines',
      async () => {
        faults.push(...(await playFault(first)));
      },
      longestMs,
    );
  });

  it('the page tells of exactly these', () => {
    if (renderPairs({ pairs, faults }) !== readSection('pairs')) throw new Error(stale);
  });
});

(process.env.ORDERINGS === 'all' ? describe : describe.skip)('triples', () => {
  const pairs: Tally[] = [];
  const faults: Tally[] = [];

  describe.each(namedDoings)('while %s is being done', (first) => {
    it.each(namedDoings)(
      'and %s comes between, and payments crashes or Stripe does not answer at any line',
      async (second) => {
        pairs.push(...(await playPairWithFault(first, second)));
      },
      longestMs,
    );
  });

  it.each(allDoings)(
    'while %s is being done, payments crashes or Stripe does not answer, twice',
    async (first) => {
      faults.push(...(await playTwoFaults(first)));
    },
    longestMs,
  );

  // Until `npm run orderings triples` has written them, the page has no tables to compare.
  (readSection('triples').trim() === '' ? it.skip : it)('the page tells of exactly these', () => {
    if (renderTriples({ pairs, faults }) !== readSection('triples')) throw new Error(stale);
  });
});
