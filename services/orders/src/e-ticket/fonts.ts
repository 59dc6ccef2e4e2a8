// The fonts of e-tickets: the brand's own where they have the letters (they come in slices by script), DejaVu Sans for
// most other alphabets, and at last UnifontEX, which is plain but has nearly every character there is.
import { readFileSync } from 'node:fs';
import { create, type Font } from 'fontkit';
import { unpackWoff } from './unpack-woff';

export type Style = 'display' | 'strong' | 'text';

export interface TicketFont {
  /** Its name within a document. */
  name: string;
  /** Read once for all documents: its tables are most of the work of drawing one. */
  font: Font;
  has(codePoint: number): boolean;
}

const files = {
  'bricolage-latin': require.resolve('@fontsource/bricolage-grotesque/files/bricolage-grotesque-latin-700-normal.woff'),
  'bricolage-latin-ext': require.resolve(
    '@fontsource/bricolage-grotesque/files/bricolage-grotesque-latin-ext-700-normal.woff',
  ),
  'inter-600-latin': require.resolve('@fontsource/inter/files/inter-latin-600-normal.woff'),
  'inter-600-latin-ext': require.resolve('@fontsource/inter/files/inter-latin-ext-600-normal.woff'),
  'inter-600-greek': require.resolve('@fontsource/inter/files/inter-greek-600-normal.woff'),
  'inter-600-cyrillic': require.resolve('@fontsource/inter/files/inter-cyrillic-600-normal.woff'),
  'inter-400-latin': require.resolve('@fontsource/inter/files/inter-latin-400-normal.woff'),
  'inter-400-latin-ext': require.resolve('@fontsource/inter/files/inter-latin-ext-400-normal.woff'),
  'inter-400-greek': require.resolve('@fontsource/inter/files/inter-greek-400-normal.woff'),
  'inter-400-cyrillic': require.resolve('@fontsource/inter/files/inter-cyrillic-400-normal.woff'),
  'dejavu-700': require.resolve('@fontsource/dejavu-sans/files/dejavu-sans-latin-700-normal.woff'),
  'dejavu-400': require.resolve('@fontsource/dejavu-sans/files/dejavu-sans-latin-400-normal.woff'),
  unifont: require.resolve('@fontsource/unifontex/files/unifontex-latin-400-normal.woff'),
};
type FontName = keyof typeof files;

const chains: Record<Style, readonly FontName[]> = {
  display: [
    'bricolage-latin',
    'bricolage-latin-ext',
    'inter-600-greek',
    'inter-600-cyrillic',
    'dejavu-700',
    'dejavu-400',
    'unifont',
  ],
  strong: [
    'inter-600-latin',
    'inter-600-latin-ext',
    'inter-600-greek',
    'inter-600-cyrillic',
    'dejavu-700',
    'dejavu-400',
    'unifont',
  ],
  text: ['inter-400-latin', 'inter-400-latin-ext', 'inter-400-greek', 'inter-400-cyrillic', 'dejavu-400', 'unifont'],
};

/**
 * The first font of the style that has all of these characters; else the first that has the leading one; else nothing.
 * Fonts are read when they are first asked: most tickets need two.
 */
export function fontFor(style: Style, codePoints: readonly number[]): TicketFont | undefined {
  const wanted = [codePoints, codePoints.slice(0, 1)];
  for (const characters of wanted) {
    for (const name of chains[style]) {
      const font = load(name);
      if (characters.every(font.has)) return font;
    }
  }
  return undefined;
}

const loaded = new Map<FontName, TicketFont>();

function load(name: FontName): TicketFont {
  const known = loaded.get(name);
  if (known) return known;
  const font = create(unpackWoff(readFileSync(files[name]))) as Font;
  const read: TicketFont = { name, font, has: (codePoint) => font.hasGlyphForCodePoint(codePoint) };
  loaded.set(name, read);
  return read;
}
