import { createHash } from 'node:crypto';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { createServer, type RequestListener, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { freePort } from '../../../../tests/setup/free-port.js';
import { canReach, checksumFor, downloadFile, downloadText } from '../../src/provision/download-file.js';

const body = Buffer.alloc(300_000, 'ticketing ');
const sha256 = createHash('sha256').update(body).digest('hex');

const routes: Record<string, RequestListener> = {
  '/good': (_request, response) => response.writeHead(200, { 'content-length': body.length }).end(body),
  '/moved': (_request, response) => response.writeHead(302, { location: '/moved-again' }).end(),
  '/moved-again': (_request, response) => response.writeHead(301, { location: '/good' }).end(),
  '/round': (_request, response) => response.writeHead(302, { location: '/round' }).end(),
  '/truncated'(_request, response) {
    response.writeHead(200, { 'content-length': body.length });
    response.write(body.subarray(0, 100_000), () => response.destroy());
  },
  '/silent': () => undefined,
  '/stalls'(_request, response) {
    response.writeHead(200, { 'content-length': body.length });
    response.write(body.subarray(0, 1_000));
  },
};

let server: Server;
let base: string;
let folder: string;
const signal = new AbortController().signal;
const options = { env: {}, signal, patienceMs: 2_000 };

beforeAll(async () => {
  server = createServer((request, response) => {
    const route = routes[request.url ?? ''];
    if (route) route(request, response);
    else response.writeHead(404).end('no such file');
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  base = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});

afterAll(async () => {
  server.closeAllConnections();
  await new Promise((resolve) => server.close(resolve));
});

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'download-'));
});

afterEach(() => rmSync(folder, { recursive: true }));

describe('When a file is downloaded', () => {
  test('and has the right checksum, then it is there whole', async () => {
    await downloadFile(`${base}/good`, join(folder, 'file'), sha256, options);
    expect(readFileSync(join(folder, 'file')).equals(body)).toBe(true);
    expect(readdirSync(folder)).toEqual(['file']);
  });

  test('and has moved, then redirects are followed', async () => {
    await downloadFile(`${base}/moved`, join(folder, 'file'), sha256.toUpperCase(), options);
    expect(readFileSync(join(folder, 'file'))).toHaveLength(body.length);
  });

  test.each([
    ['another checksum', '/good', 'f'.repeat(64), /has checksum .* it was deleted/],
    ['a body cut short', '/truncated', sha256, /could not be had/],
    ['a missing file', '/nothing', sha256, /answers 404/],
    ['redirects without an end', '/round', sha256, /redirect/],
    ['no answer', '/silent', sha256, /could not be had: .*[Tt]imeout/],
    ['a body that stalls', '/stalls', sha256, /could not be had: .*[Tt]imeout/],
  ])('and meets %s, then it fails and leaves nothing', async (_what, path, expected, message) => {
    await expect(downloadFile(`${base}${path}`, join(folder, 'file'), expected, options)).rejects.toThrow(message);
    expect(readdirSync(folder)).toEqual([]);
  });

  test('and nobody listens, then it fails', async () => {
    const nowhere = `http://127.0.0.1:${await freePort()}/file`;
    await expect(downloadText(nowhere, { env: {}, signal })).rejects.toThrow(/ECONNREFUSED/);
  });

  test('and the run is stopped, then it stops and leaves nothing', async () => {
    const stop = new AbortController();
    const download = downloadFile(`${base}/stalls`, join(folder, 'file'), sha256, { env: {}, signal: stop.signal });
    stop.abort(new Error('stopped by the user'));
    await expect(download).rejects.toThrow('stopped by the user');
    expect(readdirSync(folder)).toEqual([]);
  });
});

describe('When a checksum list is read', () => {
  test('then the line of the file counts, whatever the form', () => {
    const [one, two] = ['a'.repeat(64), 'b'.repeat(64)];
    expect(checksumFor('x.tgz', `${one}  y.tgz\n${two} *x.tgz\n`)).toBe(two);
    expect(checksumFor('x.tgz', `${one}\n`)).toBe(one);
    expect(checksumFor('x.tgz', `${one}  ./dist/x.tgz`)).toBe(one);
  });

  test('then a list without the file is no checksum', () => {
    expect(() => checksumFor('x.tgz', `${'a'.repeat(64)}  y.tgz\n`)).toThrow('no checksum was published for x.tgz');
    expect(() => checksumFor('x.tgz', '<html>moved</html>')).toThrow('no checksum was published');
  });
});

test('When a host has no address, then it is said', async () => {
  const answer = await canReach('https://nowhere.invalid/file', { env: {} });
  expect(answer).toEqual({ possible: false, why: 'nowhere.invalid cannot be found from here' });
});
