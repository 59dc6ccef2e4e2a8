import { contentSecurityPolicy } from '@/server/content-security-policy';

const policyOf = (stripeOrigin?: string) => {
  const text = contentSecurityPolicy({ nonce: 'n0nce', stripeOrigin, development: false });
  return Object.fromEntries(text.split('; ').map((part) => [part.split(' ')[0], part.split(' ').slice(1)]));
};

test('Allows our own origin and the origins Stripe documents', () => {
  const policy = policyOf();
  expect(policy['script-src']).toEqual([
    "'self'",
    "'nonce-n0nce'",
    "'strict-dynamic'",
    'https://js.stripe.com',
    'https://*.js.stripe.com',
  ]);
  expect(policy['connect-src']).toEqual(["'self'", 'https://api.stripe.com']);
  expect(policy['frame-ancestors']).toEqual(["'none'"]);
});

test('With the simulator, its origin instead of Stripe', () => {
  const policy = policyOf('http://localhost:14056');
  for (const name of ['script-src', 'connect-src', 'frame-src'])
    expect(policy[name]).toContain('http://localhost:14056');
  expect(JSON.stringify(policy)).not.toContain('stripe.com');
});

test('Nothing is evaluated and nothing inline runs without the nonce', () => {
  expect(JSON.stringify(policyOf())).not.toMatch(/unsafe/);
});
