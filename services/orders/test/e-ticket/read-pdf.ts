// Looks into a PDF that pdfkit made, without a renderer: what is drawn, as operators of the page.
import { inflateSync } from 'node:zlib';
import jsQR from 'jsqr';

/** The operators of its page: unpacked, and as text. */
export function pageOf(pdf: Buffer): string {
  const text = pdf.toString('latin1');
  const streams = [...text.matchAll(/\/Length (\d+)[^>]*>>\s*stream\r?\n/g)].flatMap((found) => {
    const start = found.index + found[0].length;
    const bytes = pdf.subarray(start, start + Number(found[1]));
    if (!found[0].includes('FlateDecode') && !text.slice(found.index - 200, start).includes('/FlateDecode')) return [];
    return [inflateSync(bytes).toString('latin1')];
  });
  const page = streams.find((stream) => stream.includes(' re\n'));
  if (!page) throw new Error('the PDF has no page that anything is drawn on');
  return page;
}

const pixelsPerPoint = 4;

/** What a scanner reads from the code that is drawn on it. @throws Error when it reads none */
export function scanPdf(pdf: Buffer): string {
  const squares = blackSquares(pageOf(pdf));
  const left = Math.min(...squares.map(({ x }) => x)) - 20;
  const top = Math.min(...squares.map(({ y }) => y)) - 20;
  const side = Math.ceil((Math.max(...squares.map(({ x, width }) => x + width)) - left + 20) * pixelsPerPoint);
  const pixels = new Uint8ClampedArray(side * side * 4).fill(255);
  for (const { x, y, width, height } of squares) {
    const fromRow = Math.round((y - top) * pixelsPerPoint);
    const fromColumn = Math.round((x - left) * pixelsPerPoint);
    for (let row = fromRow; row < fromRow + Math.round(height * pixelsPerPoint); row++)
      for (let column = fromColumn; column < fromColumn + Math.round(width * pixelsPerPoint); column++)
        pixels.fill(0, (row * side + column) * 4, (row * side + column) * 4 + 3);
  }
  const read = jsQR(pixels, side, side);
  if (!read) throw new Error('there is no QR code to be read on the page');
  return read.data;
}

/** Those of the path that is filled black: `x y width height re` … `f`. pdfkit's y runs down, as ours. */
function blackSquares(page: string) {
  const black = page.lastIndexOf('0 0 0 scn');
  const path = page.slice(page.lastIndexOf(' scn', black - 1), black);
  return [...path.matchAll(/^([\d.]+) ([\d.]+) ([\d.]+) ([\d.]+) re$/gm)].map(([, x, y, width, height]) => ({
    x: Number(x),
    y: Number(y),
    width: Number(width),
    height: Number(height),
  }));
}
