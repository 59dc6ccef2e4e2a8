import { domainToASCII } from 'node:url';
import type { Request } from 'express';
import fc from 'fast-check';
import { emailField, inputOf, limitField, Problem, passwordField, priceField, titleField, validate } from '../../src';

/** The field's value as a route would read it, or the sentences that refuse it. */
async function check(
  field: 'title' | 'price' | 'email' | 'password',
  value: unknown,
): Promise<{ value?: unknown; refused?: string[] }> {
  const chain = {
    title: titleField,
    price: () => priceField(),
    email: () => emailField(),
    password: () => passwordField(),
  }[field]();
  const req = {
    body: value === undefined ? {} : { [field]: value },
    query: {},
    params: {},
    headers: {},
    cookies: {},
  } as unknown as Request;
  const problem = await new Promise<unknown>((resolve) => validate(chain)(req, {} as never, resolve));
  if (problem instanceof Problem) return { refused: (problem.options.errors ?? []).map(({ message }) => message) };
  if (problem) throw problem;
  return { value: inputOf<Record<string, unknown>>(req)[field] };
}

const accepted = async (field: Parameters<typeof check>[0], value: unknown) =>
  (await check(field, value)).refused === undefined;

/** Whatever JSON can carry, and what attackers make of it. */
const strange = fc.oneof(
  fc.jsonValue(),
  fc.constantFrom(
    { $gt: '' },
    ['a'],
    [['a']],
    { length: 5 },
    { toString: 'x' },
    true,
    null,
    undefined,
    -1,
    1e308,
    0.1,
    '50',
    '\u0000',
  ),
);

describe('a title', () => {
  test('of 1 to 200 visible characters is taken, trimmed and composed; nothing else ever is', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.oneof(
          fc.string({ unit: 'binary', maxLength: 210 }),
          fc.string({ unit: 'grapheme', maxLength: 210 }),
          strange,
        ),
        async (title) => {
          const { value } = await check('title', title);
          if (value === undefined) return;
          expect(typeof value).toBe('string');
          const taken = value as string;
          expect([...taken].length).toBeGreaterThanOrEqual(1);
          expect([...taken].length).toBeLessThanOrEqual(200);
          expect(taken).toBe((title as string).normalize('NFC').trim());
          expect(taken).not.toMatch(/[\p{Cc}\u202a-\u202e\u2066-\u2069\u200b\ufeff]/u);
          expect(taken).toMatch(/[\p{L}\p{N}\p{P}\p{S}]/u);
        },
      ),
      { numRuns: 500 },
    );
  });

  test.each([
    'A',
    'x'.repeat(200),
    '  Ada and the Engines  ',
    '東京ドーム',
    'Café — 5 €',
    '👩‍👩‍👧 night',
    '🎟'.repeat(200),
  ])('When it is %j, then it is taken', async (title) => {
    expect(await accepted('title', title)).toBe(true);
  });

  test.each([
    '',
    '   ',
    'x'.repeat(201),
    '🎟'.repeat(201),
    'two\nlines',
    'a\u202egnp.exe',
    '\u200b',
    '\u3164',
    '\ud800',
    'a\u0000b',
  ])('When it is %j, then it is refused', async (title) => {
    expect(await accepted('title', title)).toBe(false);
  });
});

describe('a price', () => {
  test('is taken exactly when it is a whole number of cents from 50 to 99,999,999', async () => {
    const numbers = fc.oneof(
      fc.integer({ min: -1000, max: 1000 }),
      fc.integer(),
      fc.double(),
      fc.integer({ min: 99_999_900, max: 100_000_100 }),
    );
    await fc.assert(
      fc.asyncProperty(fc.oneof(numbers, strange), async (price) => {
        const right = typeof price === 'number' && Number.isInteger(price) && price >= 50 && price <= 99_999_999;
        expect(await check('price', price)).toEqual(right ? { value: price } : { refused: [expect.any(String)] });
      }),
      { numRuns: 500 },
    );
  });
});

describe('an e-mail address', () => {
  test('that is taken is in lower case, trimmed, has one @ and at most 254 characters; anything else is refused, never a failure', async () => {
    await fc.assert(
      fc.asyncProperty(fc.oneof(fc.emailAddress(), fc.string({ unit: 'binary' }), strange), async (email) => {
        const { value } = await check('email', email);
        if (value === undefined) return;
        const [local, domain = ''] = (email as string).trim().toLowerCase().split('@');
        expect(value).toBe(`${local}@${domainToASCII(domain)}`);
        expect((value as string).length).toBeLessThanOrEqual(254);
        expect(value).toMatch(/^[^@\s,;"<>]+@[^@\s,;"<>]+$/);
      }),
      { numRuns: 500 },
    );
  });

  test.each(['ada@example.com', ' Ada@Example.COM ', 'a+b@x.example.org'])(
    'When it is %j, then it is taken',
    async (email) => {
      expect(await accepted('email', email)).toBe(true);
    },
  );

  test.each([
    ['a@münchen.de', 'a@xn--mnchen-3ya.de'],
    [' A@MÜNCHEN.de', 'a@xn--mnchen-3ya.de'],
    ['a@mu\u0308nchen.de', 'a@xn--mnchen-3ya.de'],
    ['a@XN--mnchen-3ya.de', 'a@xn--mnchen-3ya.de'],
    ['a@例え.jp', 'a@xn--r8jz45g.jp'],
    ['a@exam\u00adple.com', 'a@example.com'],
  ])('When it is %j, then its domain is kept as DNS has it', async (email, kept) => {
    expect(await check('email', email)).toEqual({ value: kept });
  });

  test.each([
    'ada',
    'ä@münchen.de',
    'ä@example.com',
    'a@xn--a.com',
    'a@example.xn--zz',
    'a@xn--abc-.com',
    'a@xn--xn---epa.com',
    'a@ex%61mple.com',
    'a@example.com/x',
    `a@${'ü'.repeat(60)}.de`,
    'ada@',
    '@example.com',
    'a b@example.com',
    '"a;b"@example.com',
    'a@b@example.com',
    'a,b@example.com',
    'ada@example.com\nBcc: x@example.com',
    `${'a'.repeat(250)}@example.com`,
    '\ud800@example.com',
    'ada@localhost',
  ])('When it is %j, then it is refused', async (email) => {
    expect(await accepted('email', email)).toBe(false);
  });
});

describe('a password', () => {
  test('of 8 to 128 characters of any writing is taken, in one form of it', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.oneof(fc.string({ unit: 'grapheme', minLength: 6, maxLength: 130 }), strange),
        async (password) => {
          const { value } = await check('password', password);
          const length = typeof password === 'string' ? [...password.normalize('NFKC')].length : 0;
          const right = typeof password === 'string' && password.isWellFormed() && length >= 8 && length <= 128;
          expect(value).toBe(right ? (password as string).normalize('NFKC') : undefined);
        },
      ),
      { numRuns: 500 },
    );
  });

  test('typed as one character or as two is the same', async () => {
    expect(await check('password', 'cafe\u0301 noir')).toEqual(await check('password', 'caf\u00e9 noir'));
  });
});

describe('the limit of a listing', () => {
  const limitOf = async (limit: unknown) => {
    const req = { body: {}, query: { limit }, params: {}, headers: {}, cookies: {} } as unknown as Request;
    const problem = await new Promise<unknown>((resolve) => validate(limitField())(req, {} as never, resolve));
    return problem ?? inputOf<{ limit: number }>(req).limit;
  };

  test.each([
    [undefined, 20],
    ['', 20],
    ['1', 1],
    ['100', 100],
  ])('When it is %j, then it is %i', async (limit, rows) => {
    expect(await limitOf(limit)).toBe(rows);
  });

  test.each(['0', '101', '-1', '1.5', '1e2', ' 5', '1000', ['5'], { $gt: '' }])(
    'When it is %j, then it is refused',
    async (limit) => {
      expect(await limitOf(limit)).toMatchObject({ status: 400, options: { errors: [{ field: 'limit' }] } });
    },
  );
});
