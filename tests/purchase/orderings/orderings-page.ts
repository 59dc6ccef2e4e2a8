// docs/architecture/orderings.md: its words are written by hand, its tables by what was played.
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { allDoings, namedDoings, type Tally } from './all-orderings';
import type { Doing } from './doings';
import { faultKinds } from './play-ordering';

const page = join(__dirname, '../../../docs/architecture/orderings.md');

export type Section = 'pairs' | 'triples';

/** What was played, by section: pairs and single faults, or triples. */
export interface Tallies {
  pairs: Tally[];
  /** One doing and one fault, or one doing and two. */
  faults: Tally[];
}

export const readSection = (section: Section): string => between(readFileSync(page, 'utf8'), section).inside;

export function writeSection(section: Section, tables: string): void {
  const { before, after } = between(readFileSync(page, 'utf8'), section);
  writeFileSync(page, `${before}${tables}${after}`);
}

function between(text: string, section: Section) {
  const [start, end] = [`<!-- ${section} -->\n`, `<!-- end of ${section} -->`];
  const [from, to] = [text.indexOf(start) + start.length, text.indexOf(end)];
  if (from < start.length || to < from) throw new Error(`${page} has no place for ${section}`);
  return { before: text.slice(0, from), inside: text.slice(from, to), after: text.slice(to) };
}

export function renderPairs({ pairs, faults }: Tallies): string {
  return [
    `${sum([...pairs, ...faults])} orderings: ${sum(pairs)} of two doings, ${sum(faults)} of one and a fault.`,
    'Down: what is interrupted. Across: what comes between its lines, or after it.',
    matrix(allDoings, pairs),
    'And with one fault at each line where it may strike:',
    table(
      ['', ...faultKinds],
      allDoings.map((first) => [first, ...faultKinds.map((kind) => cell(faults, { first, faults: [kind] }))]),
    ),
    '',
  ].join('\n\n');
}

export function renderTriples({ pairs, faults }: Tallies): string {
  const kinds = faultKinds.map((kind) => `${sum(pairs.filter((tally) => tally.faults[0] === kind))} ${kind}`);
  return [
    `${sum([...pairs, ...faults])} orderings: ${sum(pairs)} of two doings and a fault (${kinds.join(', ')}), ${sum(faults)} of one and two faults.`,
    matrix(namedDoings, pairs),
    'One doing and two faults, the first down, the second across:',
    table(
      ['', ...faultKinds],
      allDoings.flatMap((first) =>
        faultKinds.map((one) => [
          `${first}, ${one}`,
          ...faultKinds.map((another) => cell(faults, { first, faults: [one, another] })),
        ]),
      ),
    ),
    '',
  ].join('\n\n');
}

const matrix = (across: readonly Doing[], tallies: readonly Tally[]): string =>
  table(
    ['', ...across],
    across.map((first) => [first, ...across.map((second) => cell(tallies, { first, second }))]),
  );

const table = (head: string[], rows: string[][]): string =>
  [head, head.map(() => '---'), ...rows].map((cells) => `| ${cells.join(' | ')} |`).join('\n');

function cell(tallies: readonly Tally[], { first, second, faults }: Partial<Tally>): string {
  const its = tallies.filter(
    (tally) =>
      tally.first === first &&
      tally.second === second &&
      (faults === undefined || tally.faults.join() === faults.join()),
  );
  const [completed, cancelled] = [total(its, 'completed'), total(its, 'cancelled')];
  return completed + cancelled === 0 ? '·' : `${completed} + ${cancelled}`;
}

const sum = (tallies: readonly Tally[]): number => total(tallies, 'orderings');
const total = (tallies: readonly Tally[], what: 'orderings' | 'completed' | 'cancelled'): number =>
  tallies.reduce((all, tally) => all + tally[what], 0);
