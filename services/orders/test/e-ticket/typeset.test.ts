import PDFDocument from 'pdfkit';
import { linesOf } from '../../src/e-ticket/typeset';

const setting = { style: 'text', size: 10, color: '#000000' } as const;
const doc = new PDFDocument();
const visual = (text: string, width = 500) =>
  linesOf(doc, text, setting, width).map(({ pieces }) => pieces.map((piece) => piece.text).join('|'));

describe('setting text', () => {
  it('breaks lines at spaces, and words that are too long where they end', () => {
    expect(visual('one two three', 38)).toEqual(['one two', 'three']);
    const parts = visual('x'.repeat(40), 60);
    expect(parts.length).toBeGreaterThan(2);
    expect(parts.join('')).toBe('x'.repeat(40));
    for (const { width } of linesOf(doc, `${'x'.repeat(99)} y`, setting, 60)) expect(width).toBeLessThanOrEqual(60.01);
  });

  it('takes each stretch from the first font that has it', () => {
    expect(linesOf(doc, 'Ж東x', setting, 500)[0]?.pieces.map(({ font }) => font.name)).toEqual([
      'inter-400-cyrillic',
      'unifont',
      'inter-400-latin',
    ]);
  });

  it('puts right-to-left text in the order in which it is read, with its brackets and numbers', () => {
    expect(visual('abc (عربي) def')).toEqual(['abc (|عربي|) def']);
    expect(visual('שלום (7)')).toEqual(['(|7|) |שלום']);
  });

  it('draws an emoji without what only chooses its look, and a mark for what no font has', () => {
    expect(visual('❤\ufe0f')).toEqual(['❤']);
    expect(visual('a\u{10fffd}b')).toEqual(['a?b']);
  });

  it('sets nothing as one empty line', () => {
    expect(visual('')).toEqual(['']);
  });
});
