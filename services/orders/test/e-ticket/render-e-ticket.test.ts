import { connectETicketKeys, readETicketCode, writeETicketCode } from '@ticketing/common';
import { inProcessDapr } from '@ticketing/common/testing';
import fc from 'fast-check';
import { fontFor, type Style } from '../../src/e-ticket/fonts';
import { renderETicket } from '../../src/e-ticket/render-e-ticket';
import { facts } from './facts';
import { pageOf, scanPdf } from './read-pdf';

// A page takes some tenths of a second to draw; many tests at once make that seconds.
jest.setTimeout(60_000);

const claim = { orderId: '6740f2c41b3d5f7089abcdef', ticketId: '6740f1339c8b7a6f5e4d3c2b' };
const keysOfTests = () => connectETicketKeys({ dapr: inProcessDapr().of('orders'), env: {} });

describe('an e-ticket', () => {
  it('has a QR code that a scanner reads, and that says whose it is', async () => {
    const keys = await keysOfTests();
    const pdf = await renderETicket({ ...facts, code: writeETicketCode(claim, keys) });
    expect(readETicketCode(scanPdf(pdf), keys)).toEqual({ genuine: true, claim });
  });

  it('is the same file each time, and another one for anything else', async () => {
    const pdf = await renderETicket(facts);
    expect(await renderETicket({ ...facts })).toEqual(pdf);
    for (const other of [{ title: 'Other' }, { zone: 'UTC' }, { priceCents: 1 }, { buyer: 'eve@example.com' }])
      expect(await renderETicket({ ...facts, ...other })).not.toEqual(pdf);
  });

  it('is one page of A4 that begins as a PDF does and names itself', async () => {
    const text = (await renderETicket(facts)).toString('latin1');
    expect(text).toMatch(/^%PDF-1\.7/);
    expect(text.match(/\/Type \/Page\b/g)).toHaveLength(1);
    expect(text).toContain('/MediaBox [0 0 595.28 841.89]');
    expect(text).toContain('(E-ticket: Ada and the Engines, Friday)');
  });

  it('can be drawn and scanned whatever people call their event', async () => {
    const text = fc.oneof(fc.string({ unit: 'grapheme', maxLength: 60 }), fc.string({ unit: 'binary', maxLength: 60 }));
    await fc.assert(
      fc.asyncProperty(text, fc.option(text, { nil: undefined }), async (title, venue) => {
        expect(scanPdf(await renderETicket({ ...facts, title, venue }))).toBe(facts.code);
      }),
      { numRuns: 12 },
    );
  }, 120_000);

  it('keeps the longest of texts on its page and beside its code', async () => {
    const page = pageOf(
      await renderETicket({
        ...facts,
        title: 'W'.repeat(200),
        venue: 'M'.repeat(200),
        buyer: `${'m'.repeat(64)}@${'w'.repeat(180)}.com`,
      }),
    );
    const places = [...page.matchAll(/^1 0 0 1 ([\d.-]+) ([\d.-]+) Tm$/gm)].map(([, x, y]) => [Number(x), Number(y)]);
    expect(places.length).toBeGreaterThan(20);
    for (const [x = 0, y = 0] of places) {
      expect(x).toBeGreaterThanOrEqual(42);
      expect(x).toBeLessThan(553);
      expect(y).toBeGreaterThan(20);
    }
  });
});

describe('the fonts of an e-ticket', () => {
  const styles: Style[] = ['display', 'strong', 'text'];

  it.each([
    ['Latin', 'Łódź, Ærøskøbing, İstanbul, Đà Nẵng – “€”'],
    ['Greek', 'Συναυλία'],
    ['Cyrillic', 'Чайковский, Київ'],
    ['Armenian and Georgian', 'Երևան თბილისი'],
    ['Hebrew and Arabic', 'ירושלים القاهرة'],
    ['Chinese, Japanese, Korean', '北京 東京ドーム 서울'],
    ['Indic and Thai', 'मुंबई சென்னை กรุงเทพ'],
    ['symbols and emoji', '♫ ★ → 🎸 😀'],
  ])('have every character of %s', (_script, text) => {
    for (const style of styles)
      for (const character of text)
        expect([
          character,
          fontFor(style, [character.codePointAt(0) ?? 0])?.has(character.codePointAt(0) ?? 0),
        ]).toEqual([character, true]);
  });

  it('are the brand’s own for what most tickets say', () => {
    expect(fontFor('display', [0x41])?.name).toBe('bricolage-latin');
    expect(fontFor('strong', [0x41])?.name).toBe('inter-600-latin');
    expect(fontFor('text', [0x416])?.name).toBe('inter-400-cyrillic');
  });

  it('say so when none has a character: a mark stands in its place', () => {
    expect(fontFor('text', [0x10fffd])).toBeUndefined();
    for (const style of styles) expect(fontFor(style, ['?'.charCodeAt(0)])).toBeDefined();
  });
});
