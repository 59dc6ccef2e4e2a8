import { PassThrough } from 'node:stream';
import { text } from 'node:stream/consumers';
import { longestLine, relayLines } from '../../src/runner/relay-lines';

async function relay(chunks: (string | Buffer)[]): Promise<{ seen: string[]; written: string }> {
  const [from, to, seen]: [PassThrough, PassThrough, string[]] = [new PassThrough(), new PassThrough(), []];
  relayLines(from, to, (line) => seen.push(line));
  from.on('end', () => setImmediate(() => to.end()));
  for (const chunk of chunks) from.write(chunk);
  from.end();
  return { written: await text(to), seen };
}

describe('passing on what an app writes', () => {
  test('keeps lines whole, however they arrive', async () => {
    const { seen, written } = await relay(['one\ntw', 'o\n', 'three']);
    expect(seen).toEqual(['one', 'two', 'three']);
    expect(written).toBe('one\ntwo\nthree\n');
  });

  test('keeps characters whole that arrive in two pieces', async () => {
    const bytes = Buffer.from('gr\u00fc\u00dfe\n');
    expect((await relay([bytes.subarray(0, 3), bytes.subarray(3)])).seen).toEqual(['gr\u00fc\u00dfe']);
  });

  test.each([longestLine * 5 + 7, longestLine + 1])(
    'breaks a line of %i characters, which dapr run would choke on',
    async (length) => {
      const long = 'x'.repeat(length);
      const { seen } = await relay([`${long}\n`, 'after\n']);
      expect(Math.max(...seen.map((line) => line.length))).toBeLessThanOrEqual(longestLine);
      expect(seen.slice(0, -1).join('')).toBe(long);
      expect(seen.at(-1)).toBe('after');
    },
  );

  test('does not gather a line that never ends', async () => {
    const piece = 'y'.repeat(longestLine);
    const { seen } = await relay([piece, piece, piece]);
    expect(seen.join('')).toBe(piece.repeat(3));
    expect(seen.length).toBeGreaterThanOrEqual(3);
  });
});
