import { nextPath, signInPath } from '@/api/paths';

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
])('Never elsewhere: %j', (next) => {
  expect(nextPath(next)).toBe('/');
});
