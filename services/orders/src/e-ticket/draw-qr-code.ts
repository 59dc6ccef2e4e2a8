import { create } from 'qrcode';

/** ISO/IEC 18004, 6.3.8: what must stay empty around it, in modules. */
const quietModules = 4;

/**
 * The code in a white square with the margin that scanners need; as squares, not as a picture, so that it is sharp in
 * any size. Level Q: a quarter of it may be scratched, folded or under a thumb.
 */
export function drawQrCode(doc: PDFKit.PDFDocument, text: string, x: number, y: number, side: number): void {
  const { modules } = create(text, { errorCorrectionLevel: 'Q' });
  const module = side / (modules.size + 2 * quietModules);
  doc.rect(x, y, side, side).fill('#ffffff');
  for (let row = 0; row < modules.size; row++) {
    for (let column = 0; column < modules.size; column++) {
      let run = 0;
      while (column + run < modules.size && modules.get(row, column + run)) run++;
      // A hair over, or the seams between rows show as light lines in some viewers.
      if (run > 0)
        doc.rect(x + (quietModules + column) * module, y + (quietModules + row) * module, run * module, module * 1.02);
      column += run;
    }
  }
  doc.fill('#000000');
}
