import { browsePath, describeQuery, listingApiPath, readBrowseAddress } from '@/browse/listing-query';

test('Dollars of the address are cents for the API', () => {
  const { query, problems, show } = readBrowseAddress({ q: ' owls ', min: '$12.50', max: '1,200', sort: '-price' });
  expect([query, problems, show]).toEqual([{ q: 'owls', minCents: 1_250, maxCents: 120_000, sort: '-price' }, {}, 24]);
  expect(listingApiPath(query, { limit: 24, cursor: 'abc' })).toBe(
    '/api/tickets?q=owls&minPrice=1250&maxPrice=120000&sort=-price&limit=24&cursor=abc',
  );
});

test('However many are asked for, the API is asked for no more than it gives at once', () => {
  const { query, show, typed } = readBrowseAddress({ show: '480' });
  expect(listingApiPath(query, { limit: show })).toBe('/api/tickets?sort=newest&limit=96');
  expect(browsePath(typed, { show })).toBe('/?show=480');
});

test('What is no amount is told beside its field, and left out', () => {
  const { query, problems, typed } = readBrowseAddress({ min: 'cheap', max: '-5', sort: 'constructor' });
  expect(query).toEqual({ q: '', sort: 'newest' });
  expect(Object.keys(problems)).toEqual(['min', 'max']);
  expect(typed.min).toBe('cheap');
});

test.each(['1000000', '10,000,000', '9'.repeat(12)])('That no ticket costs $%s is told beside the field', (typed) => {
  const { query, problems } = readBrowseAddress({ q: 'owls', min: typed, max: typed });
  expect(query).toEqual({ q: 'owls', sort: 'newest' });
  const told = 'No ticket costs more than $999,999.99.';
  expect(problems).toEqual({ min: told, max: told });
});

test('The dearest ticket can be asked for', () => {
  expect(readBrowseAddress({ min: '999,999.99' })).toMatchObject({ query: { minCents: 99_999_999 }, problems: {} });
});

test('A highest price below the lowest is left out', () => {
  const { query, problems } = readBrowseAddress({ min: '50', max: '20' });
  expect(query).toEqual({ q: '', minCents: 5_000, sort: 'newest' });
  expect(problems.max).toContain('$50.00');
});

test('Repeated and missing names are no trouble', () => {
  expect(readBrowseAddress({ q: ['a', 'b'], show: '1e9' }).query.q).toBe('a');
  expect(readBrowseAddress({ show: '480' }).show).toBe(480);
  expect(readBrowseAddress({ show: '1000' }).show).toBe(960);
  expect(readBrowseAddress({ show: '-3' }).show).toBe(24);
});

test('The address says only what is not usual', () => {
  expect(browsePath({ q: '', min: '', max: '', sort: 'newest' })).toBe('/');
  expect(browsePath({ q: 'a b', min: '5', max: '', sort: 'price' }, { show: 48 })).toBe(
    '/?q=a+b&min=5&sort=price&show=48',
  );
});

test.each([
  [{}, ''],
  [{ q: 'jazz' }, '“jazz”'],
  [{ q: 'jazz', minCents: 3_000, maxCents: 15_000 }, '“jazz”, $30.00 to $150.00'],
  [{ minCents: 3_000 }, 'from $30.00'],
  [{ maxCents: 15_000 }, 'up to $150.00'],
])('%j was asked for as %p', (asked, words) => {
  expect(describeQuery({ q: '', sort: 'newest', ...asked })).toBe(words);
});
