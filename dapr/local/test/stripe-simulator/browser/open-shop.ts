/** A shop's page in Chromium, guarded by the content security policy that the web client has. */
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { build } from 'esbuild';
import { type Browser, type BrowserContext, chromium, type Frame, type Page } from 'playwright-core';
import { findBrowser } from '../../../../../tests/setup/find-browser';
import { keys, type OpenAccount, openAccount } from '../open-account';

export type Kind = 'payment' | 'deferred' | 'card' | 'split';

export interface Seen {
  events: { name: string; complete?: boolean; empty?: boolean }[];
  results: (string | { code: string })[];
}

export interface Visit {
  page: Page;
  intentId: string;
  /** The frame with this field in it, once it can be used. */
  field(label: string): Promise<Frame>;
  type(label: string, text: string): Promise<void>;
  fillCard(number: string): Promise<void>;
  pay(): Promise<void>;
  /** Resolves with what the page says, once it says it. */
  status(text: string | RegExp): Promise<string>;
  seen(): Promise<Seen>;
  /** What the browser complained about: refused loads, thrown errors. */
  complaints: string[];
  close(): Promise<void>;
}

export interface Shop {
  account: OpenAccount;
  visit(kind: Kind, how?: { width?: number }): Promise<Visit>;
  close(): Promise<void>;
}

export async function openShop(): Promise<Shop> {
  const account = await openAccount();
  const script = await bundle();
  const server = createServer((request, response) => {
    const isScript = request.url === '/shop.js';
    response.writeHead(200, {
      'content-type': isScript ? 'text/javascript' : 'text/html',
      'content-security-policy': policyFor(account.url),
    });
    response.end(isScript ? script : pageFor(account.url));
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = `http://localhost:${(server.address() as AddressInfo).port}`;
  const browser = await chromium.launch({
    executablePath: await findBrowser(),
    args: ['--headless', '--no-sandbox', '--disable-gpu', '--disable-dev-shm-usage'],
  });
  return {
    account,
    visit: (kind, how) => visit(account, browser, address, kind, how),
    async close() {
      await browser.close();
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
      await account.stop();
    },
  };
}

async function bundle(): Promise<Buffer> {
  const { outputFiles } = await build({
    entryPoints: [join(__dirname, 'shop-page.js')],
    bundle: true,
    write: false,
    format: 'iife',
    logLevel: 'silent',
    define: { 'process.env.NODE_ENV': '"development"' },
  });
  const [file] = outputFiles;
  if (!file) throw new Error('the page could not be bundled');
  return Buffer.from(file.contents);
}

const nonce = 'c2hvcA==';

const policyFor = (stripe: string): string =>
  [
    "default-src 'self'",
    `script-src 'self' 'nonce-${nonce}' 'strict-dynamic' ${stripe}`,
    `style-src 'self' 'nonce-${nonce}'`,
    "img-src 'self' data:",
    `connect-src 'self' ${stripe}`,
    `frame-src ${stripe}`,
    "object-src 'none'",
    "base-uri 'none'",
    "form-action 'self'",
    "frame-ancestors 'none'",
  ].join('; ');

const pageFor = (stripe: string): string => `<!doctype html><html lang="en"><head><meta charset="utf-8">
<title>Shop</title><link rel="icon" href="data:,">
<script nonce="${nonce}" src="${stripe}/endive/stripe.js"></script></head>
<body><div id="root"></div><script nonce="${nonce}" src="/shop.js"></script></body></html>`;

async function visit(
  account: OpenAccount,
  browser: Browser,
  address: string,
  kind: Kind,
  { width = 800 }: { width?: number } = {},
): Promise<Visit> {
  const intent = await account.createIntent();
  const context: BrowserContext = await browser.newContext({ viewport: { width, height: 900 } });
  const page = await context.newPage();
  page.setDefaultTimeout(10_000);
  const complaints: string[] = [];
  page.on('console', (message) => {
    // A declined card is a 402, which the browser notes by itself.
    const isRefusedCard = message.text().startsWith('Failed to load resource');
    if (['error', 'warning'].includes(message.type()) && !isRefusedCard) complaints.push(message.text());
  });
  page.on('pageerror', (error) => complaints.push(error.message));
  const query = new URLSearchParams({ kind, key: keys.publishableKey, secret: intent.client_secret ?? '' });
  await page.goto(`${address}/?${query}`);

  const field = async (label: string): Promise<Frame> => {
    const titles = ['Card fields', label].map((title) => `iframe[title="${title} (test payments)"]`);
    const element = await page.waitForSelector(titles.join(', '), { state: 'attached' });
    const frame = await element.contentFrame();
    if (!frame) throw new Error(`${label} is not in a frame`);
    await frame.getByLabel(label, { exact: true }).waitFor();
    return frame;
  };
  const type = async (label: string, text: string) => {
    await (await field(label)).getByLabel(label, { exact: true }).pressSequentially(text);
  };
  return {
    page,
    intentId: intent.id,
    field,
    type,
    async fillCard(number) {
      await type('Card number', number);
      await type('Expiration date', '1234');
      await type('Security code', '123');
    },
    pay: () => page.getByRole('button', { name: 'Pay' }).click(),
    async status(text) {
      const told = page.getByRole('status').filter({ hasText: text });
      await told.waitFor();
      return (await told.textContent()) ?? '';
    },
    seen: () => page.evaluate(() => (globalThis as unknown as { seen: Seen }).seen),
    complaints,
    close: () => context.close(),
  };
}
