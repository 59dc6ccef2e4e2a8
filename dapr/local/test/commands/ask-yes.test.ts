import { PassThrough } from 'node:stream';
import { text } from 'node:stream/consumers';
import { askYes } from '../../src/commands/ask-yes';

const typed = async (keys: string) => {
  const input = new PassThrough();
  const output = new PassThrough();
  const answer = askYes('Sure? [y/N] ', { input, output, terminal: true });
  input.write(keys);
  const said = await answer;
  output.end();
  return { said, shown: await text(output) };
};

test.each([
  ['y\r', true],
  ['YES\r', true],
  ['n\r', false],
  ['\r', false],
  ['yesterday\r', false],
])('%j is %s', async (keys, said) => {
  expect(await typed(keys)).toMatchObject({ said, shown: expect.stringContaining('Sure?') });
});

test.each([
  ['Ctrl-C', '\u0003'],
  ['Ctrl-D', '\u0004'],
])('%s is a no, and leaves the cursor on a line of its own', async (_name, keys) => {
  const { said, shown } = await typed(keys);
  expect(said).toBe(false);
  expect(shown).toMatch(/\n$/);
});
