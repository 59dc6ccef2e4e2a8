import { readFileSync } from 'node:fs';
import { join } from 'node:path';

/** The tokens of one scheme: the first block is the light one, the second the dark. */
const [, light = '', dark = ''] = readFileSync(join(__dirname, '../../src/styles/_tokens.scss'), 'utf8').split(
  /^(?::root|@include color-mode).*\{$/m,
);
const tokensIn = (block: string): Record<string, string> =>
  Object.fromEntries([...block.matchAll(/--rf-([\w-]+): (#[0-9a-f]{6});/g)].map(([, name, colour]) => [name, colour]));

/** WCAG 2.2: what carries words, 4.5; what only has to be seen, 3. */
const pairs: [string, string, number][] = [
  ...['ground', 'surface', 'sunken'].flatMap((back): [string, string, number][] => [
    ['ink', back, 4.5],
    ['ink-soft', back, 4.5],
    ['primary', back, 4.5],
    ['primary-strong', back, 4.5],
    ['danger', back, 4.5],
    ['line-strong', back, 3],
    ['focus', back, 3],
  ]),
  ['on-primary', 'primary', 4.5],
  ['on-primary', 'primary-strong', 4.5],
  ['on-accent', 'accent', 4.5],
  ['on-stub', 'stub', 4.5],
  ['primary', 'stub', 4.5],
  ['on-hero', 'hero', 4.5],
  ['on-hero-soft', 'hero', 4.5],
  ['hero-danger', 'hero', 4.5],
  ['accent', 'hero', 4.5],
  ['ink', 'stub', 4.5],
  ['danger', 'danger-ground', 4.5],
  ['ink', 'danger-ground', 4.5],
  ['on-notice', 'notice-ground', 4.5],
  ['ink', 'notice-ground', 4.5],
  ['primary', 'danger-ground', 4.5],
  ['primary', 'notice-ground', 4.5],
];

describe.each([
  ['light', tokensIn(light)],
  ['dark', tokensIn(dark)],
])('%s', (_scheme, tokens) => {
  test.each(pairs)('%s on %s has a contrast of %d', (front, back, least) => {
    expect(contrast(tokens[front] ?? '', tokens[back] ?? '')).toBeGreaterThanOrEqual(least);
  });
});

function contrast(a: string, b: string): number {
  const [darker = 0, lighter = 0] = [luminance(a), luminance(b)].sort((x, y) => x - y);
  return (lighter + 0.05) / (darker + 0.05);
}

function luminance(colour: string): number {
  const [red = Number.NaN, green = 0, blue = 0] = [...colour.matchAll(/[0-9a-f]{2}/g)].map(([hex]) => {
    const part = Number.parseInt(hex, 16) / 255;
    return part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
}
