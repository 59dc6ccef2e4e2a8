// Sets people's text in lines: any script, each character in the first font that has it, right-to-left text in its own
// direction (Unicode's bidirectional algorithm, UAX 9), words that are too long broken where a reader would.
import bidiFactory from 'bidi-js';
import { fontFor, type Style, type TicketFont } from './fonts';

export interface Typesetting {
  style: Style;
  /** Points. */
  size: number;
  color: string;
}

/** A stretch of one font and one direction. */
interface Piece {
  text: string;
  font: TicketFont;
}

export interface Line {
  pieces: Piece[];
  width: number;
}

const bidi = bidiFactory();
const graphemes = new Intl.Segmenter('en', { granularity: 'grapheme' });
/** What shows a character that no font has. Every style's first font has it. */
const unknownCharacter = '?';
/** Choose between looks of an emoji or join several to one: no font here has such a look. */
const invisible = /[\ufe00-\ufe0f]|\u200d|[\u{e0100}-\u{e01ef}]/gu;
/** As one stretch: pdfkit would lay out word by word, and put those of right-to-left text in the wrong order. */
const wholeRun: PDFKit.Mixins.TextOptions = { features: [], lineBreak: false, baseline: 'alphabetic' };

/** As many lines as the text needs. @param width points */
export function linesOf(doc: PDFKit.PDFDocument, text: string, setting: Typesetting, width: number): Line[] {
  const lines: { text: string; width: number }[] = [{ text: '', width: 0 }];
  const space = widthOf(doc, ' ', setting);
  for (const word of wordsOf(doc, text, setting, width)) {
    const line = lines.at(-1);
    if (line && line.width + word.width <= width) {
      line.text += word.text + (word.spaced ? ' ' : '');
      line.width += word.width + (word.spaced ? space : 0);
    } else lines.push({ text: word.text + (word.spaced ? ' ' : ''), width: word.width + (word.spaced ? space : 0) });
  }
  return lines.map((line) => {
    const pieces = piecesOf(line.text.trimEnd(), setting.style);
    return { pieces, width: sum(pieces.map((piece) => widthOfPiece(doc, piece, setting.size))) };
  });
}

/** @param y the baseline */
export function drawLine(
  doc: PDFKit.PDFDocument,
  { pieces }: Line,
  { size, color }: Typesetting,
  x: number,
  y: number,
): void {
  let left = x;
  for (const piece of pieces) {
    useFont(doc, piece.font);
    doc.fontSize(size).fillColor(color).text(piece.text, left, y, wholeRun);
    left += widthOfPiece(doc, piece, size);
  }
}

interface Word {
  text: string;
  width: number;
  /** A space follows. */
  spaced: boolean;
}

/** What is wider than a line comes in parts. */
function wordsOf(doc: PDFKit.PDFDocument, text: string, setting: Typesetting, width: number): Word[] {
  return (text.match(/\S+/gu) ?? []).flatMap((word) => {
    const whole = widthOf(doc, word, setting);
    if (whole <= width) return [{ text: word, width: whole, spaced: true }];
    const parts: Word[] = [{ text: '', width: 0, spaced: false }];
    for (const { segment } of graphemes.segment(word)) {
      const last = parts.at(-1);
      const advance = widthOf(doc, segment, setting);
      if (last && last.width + advance <= width) {
        last.text += segment;
        last.width += advance;
      } else parts.push({ text: segment, width: advance, spaced: false });
    }
    return parts.map((part, index) => ({ ...part, spaced: index === parts.length - 1 }));
  });
}

const widthOf = (doc: PDFKit.PDFDocument, text: string, { style, size }: Typesetting): number =>
  sum(piecesOf(text, style).map((piece) => widthOfPiece(doc, piece, size)));

interface Measures {
  fonts: Set<string>;
  /** By font and text, at one point: laying out is most of the work of drawing a page. */
  widths: Map<string, number>;
}
const measures = new WeakMap<PDFKit.PDFDocument, Measures>();

function measuresOf(doc: PDFKit.PDFDocument): Measures {
  const known = measures.get(doc) ?? { fonts: new Set(), widths: new Map() };
  measures.set(doc, known);
  return known;
}

function widthOfPiece(doc: PDFKit.PDFDocument, { text, font }: Piece, size: number): number {
  const { widths } = measuresOf(doc);
  const key = `${font.name} ${text}`;
  let width = widths.get(key);
  if (width === undefined) {
    useFont(doc, font);
    width = doc.fontSize(1).widthOfString(text, wholeRun);
    widths.set(key, width);
  }
  return width * size;
}

function useFont(doc: PDFKit.PDFDocument, { name, font }: TicketFont): void {
  const { fonts } = measuresOf(doc);
  // pdfkit takes a font that is read already; its types do not say so.
  if (!fonts.has(name)) doc.registerFont(name, font as never);
  fonts.add(name);
  doc.font(name);
}

const sum = (numbers: readonly number[]) => numbers.reduce((total, number) => total + number, 0);

/** From left to right as they stand on the line. */
function piecesOf(text: string, style: Style): Piece[] {
  const { levels } = bidi.getEmbeddingLevels(text);
  const logical: (Piece & { level: number })[] = [];
  for (const { segment, index } of graphemes.segment(text)) {
    const level = levels[index] ?? 0;
    const drawn = mirrored(segment, level);
    const { font, text: known } = inFont(drawn, style);
    const last = logical.at(-1);
    if (last && last.font === font && last.level === level) last.text += known;
    else if (known !== '') logical.push({ text: known, font, level });
  }
  return inVisualOrder(logical).map((piece) => (piece.level % 2 === 1 ? turned(piece) : piece));
}

/** Letters tell the font which way they run; spaces and brackets between them do not. */
const turned = (piece: Piece): Piece =>
  /\p{L}/u.test(piece.text) ? piece : { ...piece, text: [...piece.text].reverse().join('') };

/** A bracket of right-to-left text opens to the left. */
const mirrored = (segment: string, level: number): string =>
  level % 2 === 1 ? (bidi.getMirroredCharacter(segment) ?? segment) : segment;

function inFont(segment: string, style: Style): { font: TicketFont; text: string } {
  const text = segment.replace(invisible, '');
  const codePoints = [...text].map((character) => character.codePointAt(0) ?? 0);
  const found = fontFor(style, codePoints);
  if (found) return { font: found, text: [...text].filter((_c, at) => found.has(codePoints[at] ?? 0)).join('') };
  const font = fontFor(style, [unknownCharacter.charCodeAt(0)]);
  if (!font) throw new Error(`no font of ${style} has "${unknownCharacter}"`);
  return { font, text: unknownCharacter };
}

/** Rule L2 of UAX 9: from the highest level down to the lowest odd one, reverse what is at that level or above. */
function inVisualOrder<Leveled extends { level: number }>(pieces: Leveled[]): Leveled[] {
  const order = [...pieces];
  const highest = Math.max(0, ...order.map(({ level }) => level));
  for (let level = highest; level >= 1; level--) {
    for (let start = 0; start < order.length; start++) {
      let end = start;
      while (end < order.length && (order[end]?.level ?? 0) >= level) end++;
      if (end > start) order.splice(start, end - start, ...order.slice(start, end).reverse());
      start = Math.max(start, end - 1);
    }
  }
  return order;
}
