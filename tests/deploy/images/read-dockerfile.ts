// The part of the Dockerfile language that this repository uses. What it does not know it refuses, so that a test that
// builds by it has carried out every line.

export interface Instruction {
  word: string;
  /** Flags such as `--from=packages`, by name. */
  flags: Record<string, string>;
  /** The rest, with its variables still in it. */
  rest: string;
}

export interface StageText {
  name: string;
  /** Another stage or an image, with its variables still in it. */
  from: string;
  instructions: Instruction[];
}

export interface Dockerfile {
  /** Before the first FROM: the only variables that FROM knows. */
  args: Record<string, string>;
  stages: StageText[];
}

const known = ['ARG', 'COPY', 'RUN', 'WORKDIR', 'ENV', 'USER', 'EXPOSE', 'LABEL', 'HEALTHCHECK', 'CMD'];

/** @throws Error naming an instruction that it does not know */
export function readDockerfile(text: string): Dockerfile {
  const file: Dockerfile = { args: {}, stages: [] };
  for (const line of logicalLines(text)) {
    const { word, flags, rest } = instructionIn(line);
    const stage = file.stages.at(-1);
    if (word === 'FROM') {
      const [, from = '', name = ''] = /^(\S+)\s+AS\s+(\S+)$/i.exec(rest) ?? [];
      if (!name) throw new Error(`every stage has a name here, but not: FROM ${rest}`);
      file.stages.push({ name, from, instructions: [] });
    } else if (!known.includes(word)) throw new Error(`this reader does not know ${word}`);
    else if (stage) stage.instructions.push({ word, flags, rest });
    else Object.assign(file.args, pairsIn(rest));
  }
  return file;
}

/** `A=1 B="two words"`, as ARG, ENV and LABEL have them. */
export const pairsIn = (text: string): Record<string, string> =>
  Object.fromEntries(
    [...text.matchAll(/([\w.-]+)=("(?:[^"\\]|\\.)*"|\S*)/g)].map(([, name, value = '']) => [
      name,
      value.startsWith('"') ? JSON.parse(value) : value,
    ]),
  );

/** `${NAME}` and `$NAME`; what is not set is empty, as Docker has it. */
export const withVariables = (text: string, values: Record<string, string>): string =>
  text.replaceAll(/\$\{(\w+)\}|\$(\w+)/g, (_all, braced, bare) => values[braced ?? bare] ?? '');

function logicalLines(text: string): string[] {
  const lines = text.split('\n').filter((line) => !/^\s*#/.test(line));
  return lines
    .join('\n')
    .replaceAll(/\\\n\s*/g, ' ')
    .split('\n')
    .filter((line) => line.trim() !== '');
}

function instructionIn(line: string): Instruction {
  const [, word = '', after = ''] = /^\s*(\w+)\s+(.*)$/.exec(line) ?? [];
  const flags: Record<string, string> = {};
  let rest = after;
  for (let flag = takeFlag(rest); flag; flag = takeFlag(rest)) {
    const [all, name = '', value = ''] = flag;
    flags[name] = value;
    rest = rest.slice(all.length);
  }
  return { word: word.toUpperCase(), flags, rest: rest.trim() };
}

const takeFlag = (text: string) => /^--([\w-]+)=(\S+)\s+/.exec(text);
