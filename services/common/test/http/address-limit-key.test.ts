import { addressLimitKey } from '../../src/http/rate-limits';

describe('an address is counted', () => {
  test.each([
    ['as it is, in IPv4', '203.0.113.7', '203.0.113.7'],
    ['as IPv4, when it is mapped into IPv6', '::ffff:203.0.113.7', '203.0.113.7'],
    ['by its /64, in IPv6', '2001:db8:1:2:3:4:5:6', '2001:db8:1:2::/64'],
    ['as it is, when a proxy names it in its own way', 'unknown', 'unknown'],
  ])('%s', (_how, address, key) => {
    expect(addressLimitKey(address)).toBe(key);
  });

  test('together with its neighbours of the same /64, apart from those of another', () => {
    const key = addressLimitKey('2001:db8:1:2::1');
    expect(addressLimitKey('2001:db8:1:2:ffff:ffff:ffff:ffff')).toBe(key);
    expect(addressLimitKey('2001:db8:1:3::1')).not.toBe(key);
  });

  test.each(['127.0.0.1', '::1', '::ffff:127.0.0.1', undefined])('not at all, being %s', (address) => {
    expect(addressLimitKey(address)).toBeUndefined();
  });
});
