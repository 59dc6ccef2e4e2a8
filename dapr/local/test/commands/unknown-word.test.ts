// What a command would pass over is told, once, by one sentence.
import { spawnSync } from 'node:child_process';
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { Command } from '../../src/commands/command';
import { unknownWord } from '../../src/commands/unknown-word';

const folder = join(__dirname, '..', '..', 'src', 'commands');
const commands = readdirSync(folder)
  .map((file) => [file.replace('.ts', ''), (require(join(folder, file)) as { command?: Command }).command] as const)
  .flatMap(([name, command]) => (command ? [[name, command] as const] : []));
const [, logs] = commands.find(([name]) => name === 'logs') as readonly [string, Command];

test.each(commands)('%s passes over no option and no word too many', (_name, command) => {
  const full = Array.from({ length: command.takes?.words ?? 0 }, (_, index) => `word-${index}`);
  expect(unknownWord(command, full)).toBeUndefined();
  expect(unknownWord(command, [...full, 'extra'])).toBe('extra');
  expect(unknownWord(command, [...full, '--nonsense'])).toBe('--nonsense');
  expect(unknownWord(command, [...full, '--', 'node', 'x'])).toBe(command.takes?.program ? undefined : '--');
});

test('what a command takes is taken, with its values', () => {
  expect(unknownWord(logs, ['--no-follow', 'orders'])).toBeUndefined();
  expect(unknownWord({ takes: { options: ['--grace='] } }, ['--grace=60s'])).toBeUndefined();
  expect(unknownWord({ takes: { options: ['--grace='] } }, ['--grace'])).toBe('--grace');
});

test('the program says so in one sentence and begins nothing', () => {
  const tsx = ['--import', pathToFileURL(require.resolve('tsx')).href];
  const main = join(folder, '..', 'main.ts');
  const { stdout, stderr, status } = spawnSync(process.execPath, [...tsx, main, 'run', 'extra'], { encoding: 'utf8' });
  expect({ stdout, stderr, status }).toEqual({
    stdout: '',
    stderr: 'run does not take "extra": run --help says what it takes.\n',
    status: 2,
  });
}, 30_000);
