// What pages weigh, and what they are sent with: as a current browser asks, from the running gateway. Bytes, not times.
import { type IncomingHttpHeaders, type IncomingMessage, request } from 'node:http';
import { brotliDecompressSync } from 'node:zlib';
import { testMarketplace } from '../setup/start-test-marketplace';
import { visitorsOf } from '../stack/visitor';

const mostScriptBytes = 150_000;

interface Reply {
  status: number;
  headers: IncomingHttpHeaders;
  /** As they came over the wire. */
  bytes: Buffer;
  text: string;
}

describe('What a browser is sent', () => {
  const { url } = testMarketplace();
  let page: Reply;

  beforeAll(async () => {
    page = await get(url, '/');
  });

  test('When somebody browses for the first time, then the scripts they load are light', async () => {
    const scripts = await Promise.all(scriptsOf(page.text).map((path) => get(url, path)));

    expect(scripts.length).toBeGreaterThan(3);
    expect(scripts.map(({ status }) => status)).toEqual(scripts.map(() => 200));
    const weight = scripts.reduce((sum, { bytes }) => sum + bytes.length, 0);
    expect(weight).toBeLessThan(mostScriptBytes);
  });

  test('When files never change, then they are kept for ever, and texts come compressed', async () => {
    const files = [...page.text.matchAll(/\/_next\/static\/[\w./~-]+\.(?:js|css|woff2)/g)].map(([path]) => path);
    const replies = await Promise.all([...new Set(files)].map(async (path) => ({ path, ...(await get(url, path)) })));

    const faults = replies.filter(
      ({ path, headers }) =>
        !headers['cache-control']?.includes('immutable') ||
        !headers['cache-control'].includes('max-age=31536000') ||
        // Fonts are compressed in themselves.
        headers['content-encoding'] !== (path.endsWith('woff2') ? undefined : 'br'),
    );
    expect(faults.map(({ path }) => path)).toEqual([]);
    for (const type of ['.js', '.css', '.woff2']) {
      expect(replies.filter(({ path }) => path.endsWith(type)).length).toBeGreaterThan(0);
    }
  });

  test('When a page is sent, then it is compressed, kept by nobody, and nothing in it comes from elsewhere', () => {
    expect(page.status).toBe(200);
    expect(page.headers['content-encoding']).toBe('br');
    expect(page.headers['cache-control']).toMatch(/private.*no-store/);
    const loaded = [...page.text.matchAll(/<(?:script|link|img|iframe)[^>]*?(?:src|href)="([^"]+)"/g)];
    expect(loaded.length).toBeGreaterThan(3);
    expect(loaded.map(([, address = '']) => new URL(address, url).origin)).toEqual(loaded.map(() => url));
  });

  test('When a page is sent, then only its own scripts run, named by a nonce that no other answer has', async () => {
    const [nonce, other] = [page, await get(url, '/')].map(({ headers }) => nonceOf(headers));
    expect(nonce).toMatch(/^[\w+/]{22}==$/);
    expect(other).not.toBe(nonce);

    const policy = String(page.headers['content-security-policy']);
    expect(policy).not.toMatch(/unsafe|\*|https?:(?!\/\/localhost)/);
    expect(policy).toContain("base-uri 'none'");
    expect(policy).toContain("frame-ancestors 'none'");
    const scripts = [...page.text.matchAll(/<script[^>]*>/g)].map(([tag]) => tag);
    expect(scripts.length).toBeGreaterThan(3);
    expect(scripts.filter((tag) => !tag.includes(`nonce="${nonce}"`))).toEqual([]);
    expect(page.text).not.toMatch(/ style="| on\w+="/);
  });

  test('When a page is sent, then its headers keep others out', () => {
    expect(page.headers).toMatchObject({
      'x-content-type-options': 'nosniff',
      'x-frame-options': 'DENY',
      'referrer-policy': 'strict-origin-when-cross-origin',
      'cross-origin-opener-policy': 'same-origin-allow-popups',
      'permissions-policy': expect.stringContaining('camera=(self)'),
    });
    expect(page.headers).not.toHaveProperty('x-powered-by');
    // On plain HTTP it would mean nothing, and would lock people out of localhost.
    expect(page.headers).not.toHaveProperty('strict-transport-security');
  });

  test('When a link to a ticket is passed on, then other sites can show what it leads to, with a picture', async () => {
    const visitors = visitorsOf(url);
    const seller = await visitors.signUp(`links-${Date.now()}@example.com`);
    const listed = await seller.request<{ id: string }>('POST', '/api/tickets', { title: 'Passed on', price: 4_500 });
    await visitors.close();

    const { text } = await get(url, `/tickets/${listed.body.id}`);

    expect(text).toContain('<meta property="og:title" content="Passed on"/>');
    const picture = /<meta property="og:image" content="([^"]+)"/.exec(text)?.[1] ?? '';
    const { status, headers } = await get(url, new URL(picture).pathname);
    expect([status, headers['content-type']]).toEqual([200, 'image/png']);
  });
});

/** Those that a current browser runs: not those for browsers without modules. */
const scriptsOf = (html: string): string[] =>
  [...html.matchAll(/<script[^>]*>/g)]
    .map(([tag]) => tag)
    .filter((tag) => !/\bnomodule\b/i.test(tag))
    .flatMap((tag) => /src="([^"]+)"/.exec(tag)?.[1] ?? []);

const nonceOf = (headers: IncomingHttpHeaders) =>
  /'nonce-([^']+)'/.exec(String(headers['content-security-policy']))?.[1] ?? '';

function get(url: string, path: string): Promise<Reply> {
  return new Promise((resolve, reject) => {
    request(new URL(path, url), { headers: { 'accept-encoding': 'gzip, deflate, br' } }, (response) => {
      read(response).then(resolve, reject);
    })
      .on('error', reject)
      .end();
  });
}

async function read(response: IncomingMessage): Promise<Reply> {
  const chunks: Buffer[] = [];
  for await (const chunk of response) chunks.push(chunk as Buffer);
  const bytes = Buffer.concat(chunks);
  const { statusCode: status = 0, headers } = response;
  return {
    status,
    headers,
    bytes,
    text: (headers['content-encoding'] === 'br' ? brotliDecompressSync(bytes) : bytes).toString(),
  };
}
