import { NextRequest } from 'next/server';
import { proxy } from '@/proxy';

const environment = process.env;
beforeEach(() => {
  process.env = { ...environment, DAPR_HTTP_PORT: '3500', PUBLIC_URL: 'http://localhost:3000' };
});
afterEach(() => {
  process.env = environment;
});

const ask = (method: string) => proxy(new NextRequest('http://localhost:3000/', { method }));

describe('A page', () => {
  test.each(['GET', 'HEAD', 'POST'])('is had by %s, under a policy of its own', (method) => {
    const [one, other] = [ask(method), ask(method)];
    expect(one.status).toBe(200);
    const policy = one.headers.get('content-security-policy');
    expect(policy).toMatch(/script-src [^;]*'nonce-/);
    expect(policy).not.toBe(other.headers.get('content-security-policy'));
  });

  test.each([
    ['https://ticketing.example.com', 'max-age=31536000; includeSubDomains'],
    ['http://ticketing.localhost', null],
  ])('tells browsers to stay with HTTPS where it is at %s', (publicUrl, expected) => {
    process.env.PUBLIC_URL = publicUrl;
    const headers = { 'x-forwarded-proto': 'https' };
    const { headers: answered } = proxy(new NextRequest('http://localhost:3000/', { headers }));
    expect(answered.get('strict-transport-security')).toBe(expected);
  });

  test.each(['PUT', 'PATCH', 'DELETE'])('is not had by %s, and says by what it is', (method) => {
    const { status, headers } = ask(method);
    expect({ status, allow: headers.get('allow') }).toEqual({ status: 405, allow: 'GET, HEAD, POST' });
  });
});

test.each([
  ['/tickets/%E0%A4%A', '/_not-found'],
  ['/orders/%ff', '/_not-found'],
  ['/tickets/caf%C3%A9', null],
])('%s is shown as %j', (path, shown) => {
  const { headers } = proxy(new NextRequest(`http://localhost:3000${path}`));
  const rewritten = headers.get('x-middleware-rewrite');
  expect(rewritten && new URL(rewritten).pathname).toBe(shown);
  expect(headers.get('content-security-policy')).toContain("frame-ancestors 'none'");
});
