// `npm run orderings [pairs|triples]`: plays all orderings and writes their tables into docs/architecture/orderings.md.
import {
  allDoings,
  namedDoings,
  playFault,
  playPair,
  playPairWithFault,
  playTwoFaults,
  type Tally,
} from './all-orderings';
import { renderPairs, renderTriples, writeSection } from './orderings-page';

async function each<Item>(items: readonly Item[], play: (item: Item) => Promise<Tally[]>): Promise<Tally[]> {
  const tallies: Tally[] = [];
  for (const item of items) {
    tallies.push(...(await play(item)));
    process.stderr.write('.');
  }
  return tallies;
}

const pairsOf = <Item>(items: readonly Item[]): [Item, Item][] =>
  items.flatMap((one) => items.map((other): [Item, Item] => [one, other]));

async function main(section: string | undefined): Promise<void> {
  if (section !== 'triples') {
    const pairs = await each(pairsOf(allDoings), ([first, second]) => playPair(first, second));
    const faults = await each(allDoings, (first) => playFault(first));
    writeSection('pairs', renderPairs({ pairs, faults }));
  }
  if (section !== 'pairs') {
    const pairs = await each(pairsOf(namedDoings), ([first, second]) => playPairWithFault(first, second));
    const faults = await each(allDoings, (first) => playTwoFaults(first));
    writeSection('triples', renderTriples({ pairs, faults }));
  }
}

main(process.argv[2]).catch((error: unknown) => {
  process.stderr.write(`\n${error instanceof Error ? error.stack : String(error)}\n`);
  process.exitCode = 1;
});
