import { decodedPath, nextPath, signInPath } from '@/api/paths';

test('Goes on to a path of this site', () => {
  expect(nextPath('/tickets/1?buy=1')).toBe('/tickets/1?buy=1');
  const next = new URL(signInPath('/tickets/1?buy=1'), 'http://here.invalid').searchParams.get('next');
  expect(nextPath(next ?? '')).toBe('/tickets/1?buy=1');
});

test.each([
  undefined,
  '',
  'https://evil.example',
  '//evil.example',
  '/\\evil.example',
  '/\t/evil.example',
  '/.//evil.example',
  '/..//evil.example',
  '/%2e//evil.example',
  '/a/..//evil.example',
  'javascript:alert(1)',
  '\\\\evil.example',
  ['/a', '/b'],
  '/api',
  '/api/users/signout',
  '/tickets/../api/users/signout',
  '/%61pi/users/signout',
  '/tickets/%E0%A4%A',
])('Never elsewhere, nor to what is no page: %j', (next) => {
  expect(nextPath(next)).toBe('/');
});

test.each([
  ['/tickets/caf%C3%A9', '/tickets/café'],
  ['/tickets/%E0%A4%A', undefined],
  ['/%ff', undefined],
])('%s in plain letters is %j', (path, letters) => {
  expect(decodedPath(path)).toBe(letters);
});
