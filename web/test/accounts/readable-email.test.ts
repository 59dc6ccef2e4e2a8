import { readableEmail } from '@/accounts/readable-email';

test.each([
  ['ada@xn--mnchen-3ya.de', 'ada@münchen.de'],
  ['ada@mail.xn--mnchen-3ya.de', 'ada@mail.münchen.de'],
  ['ada@example.com', 'ada@example.com'],
  ['"a@b"@example.com', '"a@b"@example.com'],
  ['ada@xn--.de', 'ada@xn--.de'],
])('%s is shown as %s', (email, shown) => {
  expect(readableEmail(email)).toBe(shown);
});
