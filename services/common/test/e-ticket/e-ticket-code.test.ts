import fc from 'fast-check';
import { type ETicketKeys, readETicketCode, writeETicketCode } from '../../src';

const older = { sealWith: 'K1', keys: new Map([['K1', 'k'.repeat(32)]]) } satisfies ETicketKeys;
const keys: ETicketKeys = { sealWith: 'K2', keys: new Map([...older.keys, ['K2', 'l'.repeat(32)]]) };
const claim = { orderId: '6740f2c41b3d5f7089abcdef', ticketId: '6740f1339c8b7a6f5e4d3c2b' };
const code = writeETicketCode(claim, keys);
const ids = fc.stringMatching(/^[0-9a-f]{24}$/);

describe('the code of an e-ticket', () => {
  test('When it is read, then it tells what was written, whatever that was', () => {
    fc.assert(
      fc.property(fc.record({ orderId: ids, ticketId: ids }), (written) => {
        const text = writeETicketCode(written, keys);
        expect(readETicketCode(text, keys)).toEqual({ genuine: true, claim: written });
        expect(text).toMatch(/^[0-9A-Z.]{80,90}$/);
        expect(writeETicketCode(written, keys)).toBe(text);
      }),
    );
  });

  test('When it is typed in small letters and with spaces, then it is read all the same', () => {
    const typed = ` ${code.toLowerCase().replace(/(.{8})/g, '$1 ')}\n`;
    expect(readETicketCode(typed, keys)).toEqual({ genuine: true, claim });
  });

  test('When any one character of it is another, then it is forged', () => {
    fc.assert(
      fc.property(fc.nat(code.length - 1), fc.constantFrom(...'0123456789ABCDEFGHJKMNPQRSTVWXYZ.'), (at, other) => {
        fc.pre(code[at] !== other);
        const changed = code.slice(0, at) + other + code.slice(at + 1);
        expect(readETicketCode(changed, keys).genuine).toBe(false);
      }),
      { numRuns: 2_000 },
    );
  });

  test('Without its seal being looked at, a changed one would be taken for another order (the guard is needed)', () => {
    const [mark, keyId, , ticketId, seal] = code.split('.');
    const changed = [mark, keyId, 'F'.repeat(24), ticketId, seal].join('.');
    const unguarded = /^RF1\.[^.]+\.([0-9A-F]{24})\./.exec(changed)?.[1];
    expect(unguarded).toBe('F'.repeat(24));
    expect(readETicketCode(changed, keys)).toEqual({ genuine: false, why: 'WrongSeal' });
  });

  test('When keys were rotated, then what the older key sealed still lets in, and new ones are sealed by the new', () => {
    const before = writeETicketCode(claim, older);
    expect(before).not.toBe(code);
    expect(readETicketCode(before, keys)).toEqual({ genuine: true, claim });
    expect(code.split('.')[1]).toBe('K2');
    expect(readETicketCode(code, older)).toEqual({ genuine: false, why: 'UnknownKey' });
  });

  test('When another marketplace sealed it under the same name of a key, then it is forged', () => {
    const other: ETicketKeys = { sealWith: 'K2', keys: new Map([['K2', 'm'.repeat(32)]]) };
    expect(readETicketCode(writeETicketCode(claim, other), keys)).toEqual({ genuine: false, why: 'WrongSeal' });
  });

  test('When it is anything else, then it is not ours, and nothing breaks', () => {
    for (const text of ['', 'https://example.com/ticket/1', 'RF1', code.slice(1), `${code}X`, `${code}${code}`])
      expect(readETicketCode(text, keys)).toEqual({ genuine: false, why: 'NotOurs' });
    fc.assert(fc.property(fc.string({ unit: 'binary' }), (text) => !readETicketCode(text, keys).genuine));
  });
});
