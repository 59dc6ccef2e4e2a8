// What visitors get through the ingress, by a real nginx that is told what ingress-nginx is told. By brotli, too, with
// NGINX_BROTLI (provide-nginx.ts).
import { createServer, type IncomingHttpHeaders, type IncomingMessage, request, type ServerResponse } from 'node:http';
import { text } from 'node:stream/consumers';
import { brotliDecompressSync, createBrotliDecompress, createGunzip, gunzipSync } from 'node:zlib';
import { listedBy, type RunningTickets, startTickets } from '../../../services/tickets/test/start-tickets';
import { type Listening, listening } from '../rehearsal/listening';
import { buildEnvironment } from './environments';
import { type IngressSpec, ofKind, type Resource, specOf } from './resource';
import {
  encodingsHere,
  type IngressNginxValues,
  type RunningNginx,
  startNginx,
  valuesOnEks,
  valuesOnKind,
} from './routes-by-nginx';

const host = 'ticketing.localhost';
const ingress = ofKind(buildEnvironment('kind'), 'Ingress').find(
  ({ metadata }) => metadata.name === 'ticketing',
) as Resource;

type Answering = (service: string, incoming: IncomingMessage, response: ServerResponse) => void;
let serve: Answering;
let standIns: Record<string, Listening>;
beforeAll(async () => {
  const names = specOf<IngressSpec>(ingress).rules.flatMap(({ http }) =>
    http.paths.map(({ backend }) => backend.service.name),
  );
  const start = async (name: string) =>
    [name, await listening(createServer((incoming, response) => serve(name, incoming, response)))] as const;
  standIns = Object.fromEntries(await Promise.all([...new Set(names)].map(start)));
});
afterAll(async () => {
  for (const { server } of Object.values(standIns)) {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  }
});

const nginxTold = (values: IngressNginxValues, ...others: [string, string][]) =>
  startNginx(ingress, values, {
    ...Object.fromEntries(Object.entries(standIns).map(([name, { url }]) => [name, url])),
    ...Object.fromEntries(others),
  });

const answer =
  (body: string | Buffer, headers: Record<string, string>): Answering =>
  (_service, incoming, response) => {
    incoming.resume();
    response.writeHead(200, { 'content-length': String(Buffer.byteLength(body)), ...headers }).end(body);
  };

const items = JSON.stringify({ items: Array(200).fill({ title: 'The Midnight Owls', venue: 'Old Hall' }) });
const json = { 'content-type': 'application/json; charset=utf-8' };
const decompress = { br: brotliDecompressSync, gzip: gunzipSync };
const decompressing = { br: createBrotliDecompress, gzip: createGunzip };

describe.each([
  ['kind', valuesOnKind],
  ['EKS', valuesOnEks],
])('By the ingress on %s', (_where, values) => {
  let nginx: RunningNginx;
  beforeAll(async () => {
    nginx = await nginxTold(values());
  });
  afterAll(() => nginx.stop());

  test.each([
    ['/api/tickets', 'tickets'],
    ['/api/tickets/1?x=%2F', 'tickets'],
    ['/api/payments/webhook', 'payments'],
    ['/api/ticketsale', 'web'],
    ['/api//../internal/tickets', 'web'],
    ['/internal/tickets/1/hold', 'web'],
    ['/', 'web'],
  ])('%s is answered by %s', async (path, service) => {
    serve = (name, _incoming, response) => void response.end(name);
    expect((await ask(nginx, path)).body.toString()).toBe(service);
  });

  test('nobody outside may pretend to be a sidecar, and a body arrives byte for byte, as Stripe signs it', async () => {
    const sent = '{ "id":"evt_1",\n\t"name":"Zoë \\u00e9" }';
    let received: { headers: IncomingHttpHeaders; body: string } | undefined;
    serve = (_service, incoming, response) => {
      text(incoming).then((body) => {
        received = { headers: incoming.headers, body };
        response.end();
      });
    };
    const pretence = { 'dapr-api-token': 'x', 'dapr-caller-app-id': 'orders', 'dapr-caller-namespace': 'ticketing' };
    await ask(nginx, '/api/payments/webhook', { headers: { ...pretence, 'stripe-signature': 't=1,v1=2' } }, sent);
    expect(received?.body).toBe(sent);
    expect(received?.headers).toMatchObject({ 'stripe-signature': 't=1,v1=2' });
    expect(Object.keys(received?.headers ?? {}).filter((name) => name.startsWith('dapr-'))).toEqual([]);
  });

  describe.each(encodingsHere())('%s', (encoding) => {
    const headers = { 'accept-encoding': encoding };

    test.each([
      ['JSON', items, json],
      ['a problem', items, { 'content-type': 'application/problem+json; charset=utf-8' }],
      ['a page', `<p>${items}</p>`, { 'content-type': 'text/html; charset=utf-8' }],
      ['a script', items, { 'content-type': 'application/javascript; charset=UTF-8' }],
      ["a page's data", items, { 'content-type': 'text/x-component' }],
    ])('is what %s comes in, made here and not behind', async (_what, body, given) => {
      let askedBehind: unknown;
      serve = (service, incoming, response) => {
        askedBehind = incoming.headers['accept-encoding'];
        answer(body, given)(service, incoming, response);
      };
      const answered = await ask(nginx, '/api/tickets', { headers });
      expect(answered.headers).toMatchObject({ 'content-encoding': encoding, vary: 'Accept-Encoding' });
      expect(answered.body.length).toBeLessThan(body.length / 10);
      expect(decompress[encoding](answered.body).toString()).toBe(body);
      expect(askedBehind).toBeUndefined();
    });

    test.each([
      ['is small', 'x'.repeat(1_023), json],
      ['is a PDF', items, { 'content-type': 'application/pdf' }],
      ['is a font', items, { 'content-type': 'font/woff2' }],
      ['is a picture', items, { 'content-type': 'image/png' }],
    ])('is not what comes in that %s', async (_what, body, given) => {
      serve = answer(body, given);
      const answered = await ask(nginx, '/api/tickets', { headers });
      expect(answered.headers).not.toHaveProperty('content-encoding');
      expect(answered.body.toString()).toBe(body);
    });

    test('keeps nothing of a page back until its end', async () => {
      const first = `<p>${'at once '.repeat(500)}</p>`;
      let finish: (() => void) | undefined;
      serve = (_service, _incoming, response) => {
        response.writeHead(200, { 'content-type': 'text/html' }).write(first);
        finish = () => void response.end('<p>later</p>');
      };
      let page = '';
      for await (const piece of (await reach(nginx, '/', { headers })).pipe(decompressing[encoding]())) {
        page += piece;
        if (page.length >= first.length) finish?.();
      }
      expect(page).toBe(`${first}<p>later</p>`);
    });
  });

  test('events come one by one, as they are', async () => {
    let more: (() => void) | undefined;
    serve = (_service, _incoming, response) => {
      response.writeHead(200, { 'content-type': 'text/event-stream; charset=utf-8' }).write('retry: 2000\n\n');
      more = () => void response.end('data: 1\n\n');
    };
    const stream = await reach(nginx, '/api/tickets/stream', { headers: { 'accept-encoding': 'br, gzip' } });
    expect(stream.headers).not.toHaveProperty('content-encoding');
    const pieces: string[] = [];
    for await (const piece of stream) {
      pieces.push(String(piece));
      more?.();
    }
    expect(pieces).toEqual(['retry: 2000\n\n', 'data: 1\n\n']);
  });

  test('what is not asked for compressed comes as it is', async () => {
    serve = answer(items, { ...json, etag: '"3"' });
    const answered = await ask(nginx, '/api/tickets');
    expect(answered.headers).toMatchObject({ etag: '"3"', 'content-length': String(items.length) });
    expect(answered.body.toString()).toBe(items);
  });
});

describe.each(encodingsHere())('A ticket that came in %s', (encoding) => {
  let tickets: RunningTickets;
  let service: Listening;
  let nginx: RunningNginx;
  beforeAll(async () => {
    tickets = await startTickets();
    service = await listening(createServer(tickets.app));
    nginx = await nginxTold(valuesOnEks(), ['tickets', service.url]);
  });
  afterAll(async () => {
    await nginx?.stop();
    service?.server.close();
    await tickets?.close();
  });

  test('is changed by the ETag it came with, weak as nginx made it, and not twice', async () => {
    const longest = { title: '票'.repeat(200), venue: '館'.repeat(200) };
    const { id } = await listedBy(tickets, 'ada', longest);
    const shown = await ask(nginx, `/api/tickets/${id}`, { headers: { 'accept-encoding': encoding } });
    const etag = shown.headers.etag ?? '';
    expect([shown.headers['content-encoding'], etag]).toEqual([encoding, 'W/"1"']);
    expect(JSON.parse(decompress[encoding](shown.body).toString())).toMatchObject({ id, ...longest, version: 1 });

    const change = () =>
      ask(
        nginx,
        `/api/tickets/${id}`,
        {
          method: 'PUT',
          headers: { cookie: tickets.cookieOf('ada'), 'content-type': 'application/json', 'if-match': etag },
        },
        JSON.stringify({ title: 'Ada unplugged', price: 5_000 }),
      );
    expect([(await change()).status, (await change()).status]).toEqual([200, 412]);
    const unchanged = await ask(nginx, `/api/tickets/${id}`, { headers: { 'if-none-match': 'W/"2"' } });
    expect(unchanged.status).toBe(304);
  });
});

test('Told nothing, ingress-nginx compresses nothing, and passes on who pretends to be a sidecar', async () => {
  const nginx = await nginxTold({ controller: { config: {}, proxySetHeaders: {} } });
  try {
    let received: IncomingHttpHeaders = {};
    serve = (service, incoming, response) => {
      received = incoming.headers;
      answer(items, json)(service, incoming, response);
    };
    const headers = { 'accept-encoding': 'br, gzip', 'dapr-api-token': 'x' };
    const answered = await ask(nginx, '/api/tickets', { headers });
    expect(answered.headers).not.toHaveProperty('content-encoding');
    expect(received).toMatchObject(headers);
  } finally {
    await nginx.stop();
  }
});

interface Asked {
  method?: string;
  headers?: Record<string, string>;
}

async function ask(nginx: RunningNginx, path: string, asked: Asked = {}, body?: string) {
  const incoming = await reach(nginx, path, asked, body);
  const pieces: Buffer[] = [];
  for await (const piece of incoming) pieces.push(piece);
  return { status: incoming.statusCode, headers: incoming.headers, body: Buffer.concat(pieces) };
}

const reach = (
  { socketPath }: RunningNginx,
  path: string,
  asked: Asked = {},
  body?: string,
): Promise<IncomingMessage> =>
  new Promise((resolve, reject) => {
    const headers = { host, ...asked.headers };
    request({ socketPath, path, method: asked.method ?? (body ? 'POST' : 'GET'), headers, agent: false })
      .on('response', resolve)
      .on('error', reject)
      .end(body);
  });
