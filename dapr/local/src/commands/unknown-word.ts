import type { Command } from './command';

/**
 * The first word that the command would pass over, as somebody who types it expects something of it. What follows `--` is
 * another program's.
 */
export function unknownWord({ takes = {} }: Pick<Command, 'takes'>, words: readonly string[]): string | undefined {
  const { words: most = 0, options = [], program = false } = takes;
  const end = words.indexOf('--');
  if (end !== -1 && !program) return '--';
  const own = end === -1 ? words : words.slice(0, end);
  const isKnown = (option: string) =>
    options.some((known) => (known.endsWith('=') ? option.startsWith(known) : option === known));
  const unknownOption = own.find((word) => word.startsWith('-') && !isKnown(word));
  return unknownOption ?? own.filter((word) => !word.startsWith('-'))[most];
}
