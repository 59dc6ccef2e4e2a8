// The e-ticket as a page to print or to show on a phone. The same facts always give the same bytes.
import PDFDocument from 'pdfkit';
import { drawQrCode } from './draw-qr-code';
import { drawLine, type Line, linesOf, type Typesetting } from './typeset';
import { amountText, dayText, shortDayText, timeText } from './wording';

export interface ETicketFacts {
  orderId: string;
  title: string;
  venue?: string | undefined;
  startsAt?: Date | undefined;
  /** Minor units. */
  priceCents: number;
  orderedAt: Date;
  /** As the buyer knows themselves: their e-mail address. */
  buyer: string;
  /** What the QR code says. */
  code: string;
  /** IANA name of the zone that its dates are told in. */
  zone: string;
}

/** Points; A4, since a page that is printed too small is still read, and one that is cut off is not. */
const page = { width: 595.28, height: 841.89, margin: 42 };
const sheetWidth = page.width - 2 * page.margin;
const stubWidth = 190;
const padding = 24;
const factsWidth = sheetWidth - stubWidth - 2 * padding;
const qrSide = stubWidth - 2 * 17;
const notchRadius = 9;

const color = {
  ink: '#10211d',
  soft: '#475a53',
  line: '#d2dcd6',
  hero: '#0a4538',
  primary: '#0b6553',
  accent: '#ffb931',
  onHero: '#f2f7f4',
  onHeroSoft: '#bcd6cc',
  ground: '#f3f6f4',
  stub: '#e0f0e9',
  white: '#ffffff',
};

const label: Typesetting = { style: 'strong', size: 7.5, color: color.soft };
const value: Typesetting = { style: 'strong', size: 11, color: color.ink };
const small: Typesetting = { style: 'text', size: 9, color: color.soft };

export async function renderETicket(facts: ETicketFacts): Promise<Buffer> {
  const doc = new PDFDocument({
    size: [page.width, page.height],
    margin: 0,
    lang: 'en',
    displayTitle: true,
    pdfVersion: '1.7',
    info: {
      Title: `E-ticket: ${facts.title}`,
      Author: 'Row Fifteen',
      Subject: `Order ${facts.orderId}`,
      // The moment of the order, not of the drawing: a ticket that is fetched twice is the same file.
      CreationDate: facts.orderedAt,
    },
  });
  const bytes = collect(doc);
  drawHeading(doc);
  const bottom = drawTicket(doc, facts, 104);
  drawRules(doc, facts, bottom + 30);
  doc.end();
  return bytes;
}

function collect(doc: PDFKit.PDFDocument): Promise<Buffer> {
  const chunks: Buffer[] = [];
  return new Promise((resolve, reject) => {
    doc.on('data', (chunk: Buffer) => chunks.push(chunk));
    doc.on('end', () => resolve(Buffer.concat(chunks)));
    doc.on('error', reject);
  });
}

function drawHeading(doc: PDFKit.PDFDocument): void {
  doc.save().translate(page.margin, 46).scale(0.62);
  doc.path('M5 1h29v32H5a4 4 0 0 1-4-4v-6.5a5.5 5.5 0 0 0 0-11V5a4 4 0 0 1 4-4z').fill(color.primary);
  doc.path('M37 1h12a4 4 0 0 1 4 4v6.5a5.5 5.5 0 0 0 0 11V29a4 4 0 0 1-4 4H37z').fill(color.accent);
  doc.lineWidth(3.2).lineCap('round').lineJoin('round').strokeColor(color.white);
  doc.path('M12.5 12.5 15.5 10.5V23.5').stroke();
  doc.path('M28 10.5h-6l-.7 6c4-1.5 7.2.4 7.2 3.5 0 3.4-4.2 4.7-7.5 2.3').stroke();
  doc.restore();
  const brand: Typesetting = { style: 'display', size: 19, color: color.ink };
  drawText(doc, 'Row Fifteen', brand, page.margin + 42, 63);
  const kind: Typesetting = { style: 'strong', size: 11, color: color.soft };
  const [line] = linesOf(doc, 'E-ticket', kind, sheetWidth);
  if (line) drawLine(doc, line, kind, page.width - page.margin - line.width, 63);
}

/** Head and facts on the left, the stub with the code on the right. @returns where it ends */
function drawTicket(doc: PDFKit.PDFDocument, facts: ETicketFacts, top: number): number {
  const title = fitted(doc, facts.title);
  const eyebrow: Typesetting = { style: 'strong', size: 8.5, color: color.accent };
  const venue = facts.venue ? fittedVenue(doc, facts.venue) : { lines: [], setting: small, leading: 0 };
  const titleHeight = title.lines.length * title.leading;
  const headHeight =
    padding + 12 + 10 + titleHeight + (venue.lines.length > 0 ? 4 + venue.lines.length * venue.leading : 0) + padding;
  const rows = factRows(facts);
  const rowHeights = rows.map((row) => heightOf(doc, row));
  const height = Math.max(headHeight + padding + sum(rowHeights) + 6, padding + qrSide + 98);
  const left = page.margin;
  const seam = left + sheetWidth - stubWidth;
  const bottom = top + height;

  doc.save();
  ticketShape(doc, left, top, sheetWidth, height, seam).clip();
  doc.rect(left, top, seam - left, height).fill(color.ground);
  doc.rect(left, top, seam - left, headHeight).fill(color.hero);
  doc.rect(seam, top, stubWidth, height).fill(color.stub);
  doc.restore();
  ticketShape(doc, left, top, sheetWidth, height, seam).lineWidth(0.75).strokeColor(color.line).stroke();
  doc
    .moveTo(seam, top + notchRadius + 5)
    .lineTo(seam, bottom - notchRadius - 5)
    .dash(4, { space: 4 })
    .lineWidth(1)
    .strokeColor(color.soft)
    .stroke()
    .undash();

  let y = top + padding + 8;
  drawText(doc, 'ADMIT ONE', eyebrow, left + padding, y);
  y += 14;
  for (const line of title.lines) {
    y += title.leading;
    drawLine(doc, line, title.setting, left + padding, y - title.leading * 0.22);
  }
  y += 4;
  for (const line of venue.lines) {
    y += venue.leading;
    drawLine(doc, line, venue.setting, left + padding, y - 3);
  }
  y = top + headHeight + padding - 4;
  for (const [index, row] of rows.entries()) {
    drawRow(doc, row, left + padding, y);
    y += rowHeights[index] ?? 0;
  }
  drawStub(doc, facts, seam, top, height);
  return bottom;
}

type Fact = readonly [name: string, value: string];

/** Two facts beside each other, or one over the whole width. */
const factRows = ({ startsAt, zone, priceCents, orderId, buyer, orderedAt }: ETicketFacts): Fact[][] => [
  ...(startsAt ? [[['Date', dayText(startsAt, zone)] as const, ['Starts', timeText(startsAt, zone)] as const]] : []),
  [
    ['Price', amountText(priceCents)],
    ['Ordered', shortDayText(orderedAt, zone)],
  ],
  [['Buyer', buyer]],
  [['Order', orderId]],
];

const columnGap = 16;
/** The first is a date in words, the second a time. */
const cellWidths = (row: Fact[]) =>
  row.length === 1 ? [factsWidth] : [0.62, 0.38].map((part) => (factsWidth - columnGap) * part);
const cellLines = (doc: PDFKit.PDFDocument, row: Fact[]) =>
  row.map(([, text], column) => linesOf(doc, text, value, cellWidths(row)[column] ?? factsWidth));
const heightOf = (doc: PDFKit.PDFDocument, row: Fact[]) =>
  29 + 14 * Math.max(...cellLines(doc, row).map(({ length }) => length));

function drawRow(doc: PDFKit.PDFDocument, row: Fact[], x: number, y: number): void {
  for (const [column, lines] of cellLines(doc, row).entries()) {
    const left = column === 0 ? x : x + (cellWidths(row)[0] ?? 0) + columnGap;
    drawText(doc, (row[column]?.[0] ?? '').toUpperCase(), label, left, y + 6);
    for (const [index, line] of lines.entries()) drawLine(doc, line, value, left, y + 21 + index * 14);
  }
}

function drawStub(doc: PDFKit.PDFDocument, { code }: ETicketFacts, seam: number, top: number, height: number): void {
  const x = seam + (stubWidth - qrSide) / 2;
  const block = qrSide + 74;
  const y = top + Math.max(padding, (height - block) / 2);
  doc.roundedRect(x - 5, y - 5, qrSide + 10, qrSide + 10, 8).fill(color.white);
  drawQrCode(doc, code, x, y, qrSide);
  const hint: Typesetting = { style: 'strong', size: 10, color: color.primary };
  centred(doc, 'Show this code at the door', hint, seam, y + qrSide + 24);
  const typed: Typesetting = { style: 'text', size: 6.5, color: color.soft };
  for (const [index, part] of inParts(code).entries()) centred(doc, part, typed, seam, y + qrSide + 40 + index * 9);
}

/** As a person types it when a camera fails: in lines that end where the code has its points. */
function inParts(code: string): string[] {
  const [mark, keyId, orderId, ticketId, seal] = code.split('.');
  return [`${mark}.${keyId}.`, `${orderId}.`, `${ticketId}.`, `${seal}`];
}

function drawRules(doc: PDFKit.PDFDocument, { startsAt, zone }: ETicketFacts, top: number): void {
  const heading: Typesetting = { style: 'display', size: 13, color: color.ink };
  drawText(doc, 'Good to know', heading, page.margin, top);
  let y = top + 8;
  const rules = [
    'Show this page at the door, on paper or on a phone; the whole code must be visible.',
    'The code lets one person in, once. Whoever shows it first gets in, so do not share or post pictures of it.',
    ...(startsAt ? [`Date and time are given in the time zone ${zone.replaceAll('_', ' ')}.`] : []),
    'If this order is refunded, the ticket is no longer valid.',
  ];
  for (const rule of rules) {
    const lines = linesOf(doc, rule, small, sheetWidth - 14);
    doc.circle(page.margin + 3, y + 11, 1.6).fill(color.accent);
    for (const line of lines) {
      y += 14;
      drawLine(doc, line, small, page.margin + 14, y);
    }
    y += 3;
  }
}

interface Fitted {
  lines: Line[];
  setting: Typesetting;
  /** From one baseline to the next, points. */
  leading: number;
}

/** As large as it fits: three lines for a title, more only when it is so long that it would be smaller than its facts. */
function fitted(doc: PDFKit.PDFDocument, text: string): Fitted {
  const at = (size: number) => {
    const setting: Typesetting = { style: 'display', size, color: color.onHero };
    return { lines: linesOf(doc, text, setting, factsWidth), setting, leading: size * 1.2 };
  };
  const large = [27, 23, 19].map(at).find(({ lines }) => lines.length <= 3);
  return large ?? [15].map(at).find(({ lines }) => lines.length <= 8) ?? at(11);
}

function fittedVenue(doc: PDFKit.PDFDocument, text: string): Fitted {
  const at = (size: number) => {
    const setting: Typesetting = { style: 'text', size, color: color.onHeroSoft };
    return { lines: linesOf(doc, text, setting, factsWidth), setting, leading: size * 1.33 };
  };
  return [12].map(at).find(({ lines }) => lines.length <= 4) ?? at(9);
}

/** A ticket's outline: round corners, and a bite out of both edges where the stub is torn off. */
function ticketShape(
  doc: PDFKit.PDFDocument,
  x: number,
  y: number,
  width: number,
  height: number,
  seam: number,
): PDFKit.PDFDocument {
  const r = 14;
  const n = notchRadius;
  return doc.path(
    [
      `M${x + r} ${y}`,
      `H${seam - n}`,
      `A${n} ${n} 0 0 0 ${seam + n} ${y}`,
      `H${x + width - r}`,
      `A${r} ${r} 0 0 1 ${x + width} ${y + r}`,
      `V${y + height - r}`,
      `A${r} ${r} 0 0 1 ${x + width - r} ${y + height}`,
      `H${seam + n}`,
      `A${n} ${n} 0 0 0 ${seam - n} ${y + height}`,
      `H${x + r}`,
      `A${r} ${r} 0 0 1 ${x} ${y + height - r}`,
      `V${y + r}`,
      `A${r} ${r} 0 0 1 ${x + r} ${y}`,
      'Z',
    ].join(' '),
  );
}

function drawText(doc: PDFKit.PDFDocument, text: string, setting: Typesetting, x: number, y: number): void {
  const [line] = linesOf(doc, text, setting, sheetWidth);
  if (line) drawLine(doc, line, setting, x, y);
}

function centred(doc: PDFKit.PDFDocument, text: string, setting: Typesetting, seam: number, y: number): void {
  const [line] = linesOf(doc, text, setting, stubWidth);
  if (line) drawLine(doc, line, setting, seam + (stubWidth - line.width) / 2, y);
}

const sum = (numbers: readonly number[]) => numbers.reduce((total, number) => total + number, 0);
