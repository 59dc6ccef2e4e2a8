import { Router } from 'express';
import { body } from 'express-validator';
import request from 'supertest';
import { createHttpApp, createMetrics, inputOf, notFound, Problem, silentLog, validate } from '../../src';

const routes = Router();
routes.post(
  '/things',
  validate(body('name').isString().withMessage('Give a name.'), body('size').isInt().withMessage('Give a size.')),
  (req, res) => {
    res.status(201).json(inputOf(req));
  },
);
routes.get('/gone', () => {
  throw notFound('thing');
});
routes.get('/busy', () => {
  throw new Problem(503, 'TooBusy', 'Try again in a moment.', {
    headers: { 'Retry-After': '3' },
    extra: { orderId: '7' },
  });
});
routes.get('/broken', async () => {
  throw new Error('the password is hunter2');
});
routes.get('/half', (_req, res) => {
  res.write('half');
  throw new Error('too late');
});

const app = createHttpApp({ log: silentLog, metrics: createMetrics('test'), routes, appApiToken: 'token' });
const post = (text: string, type = 'application/json') =>
  request(app).post('/api/things').set('Content-Type', type).send(text);

describe('a problem document', () => {
  test('has every member of RFC 9457, and a list of errors', async () => {
    const answer = await request(app)
      .get('/api/gone?')
      .set('traceparent', `00-${'a'.repeat(32)}-${'b'.repeat(16)}-01`);
    expect(answer.status).toBe(404);
    expect(answer.type).toBe('application/problem+json');
    expect(answer.body).toEqual({
      type: '/problems/NotFound',
      title: 'Not Found',
      status: 404,
      detail: 'There is no such thing.',
      instance: '/api/gone',
      errors: [{ message: 'There is no such thing.' }],
      traceId: 'a'.repeat(32),
    });
  });

  test('carries headers and members of its own', async () => {
    const answer = await request(app).get('/api/busy');
    expect(answer.headers['retry-after']).toBe('3');
    expect(answer.body).toMatchObject({ orderId: '7', title: 'Too Busy' });
  });

  test('has one error for each field that is wrong', async () => {
    const answer = await post('{"name":{"$gt":""}}');
    expect(answer.status).toBe(400);
    expect(answer.body.errors).toEqual([
      { message: 'Give a name.', field: 'name' },
      { message: 'Give a size.', field: 'size' },
    ]);
  });

  test('tells nothing of an internal failure', async () => {
    const answer = await request(app).get('/api/broken');
    expect(answer.status).toBe(500);
    expect(answer.text).not.toContain('hunter2');
    expect(answer.body.traceId).toMatch(/^[0-9a-f]{32}$/);
  });

  test('cannot follow half an answer: the connection breaks', async () => {
    await expect(request(app).get('/api/half')).rejects.toThrow();
  });
});

describe('a body that is not what it should be', () => {
  test.each<[string, () => request.Test, number, string]>([
    ['broken JSON', () => post('{"name":'), 400, 'MalformedBody'],
    ['JSON that is no object', () => post('"hello"'), 400, 'MalformedBody'],
    ['a form', () => post('name=a', 'application/x-www-form-urlencoded'), 415, 'UnsupportedMediaType'],
    ['text', () => post('hello', 'text/plain'), 415, 'UnsupportedMediaType'],
    ['another charset', () => post('{}', 'application/json; charset=latin1'), 415, 'UnsupportedMediaType'],
    ['an unknown encoding', () => post('{}').set('Content-Encoding', 'zstd9'), 415, 'UnsupportedMediaType'],
    ['bytes that are not gzip', () => post('{}').set('Content-Encoding', 'gzip'), 400, 'MalformedBody'],
    ['one megabyte', () => post(JSON.stringify({ name: 'x'.repeat(1_000_000) })), 413, 'BodyTooLarge'],
    ['a path that is not UTF-8', () => request(app).get('/api/things/%E0%A4%A'), 404, 'NotFound'],
  ])('When it is %s, then it is refused', async (_what, send, status, code) => {
    const answer = await send();
    expect([answer.status, answer.body.type]).toEqual([status, `/problems/${code}`]);
  });

  test.each(['null', ' 7 ', 'true', '"hello"'])('When it is %s, then an object is asked for', async (text) => {
    expect((await post(text)).body.detail).toBe(
      'The body is JSON, but no object. Send the fields by name: {"field": value}.',
    );
    expect((await post(`${text}}`)).body.detail).toBe('The body is not valid JSON.');
  });

  test('When it is right, then only what was checked reaches the route', async () => {
    const answer = await post('{"name":"a","size":3,"admin":true,"__proto__":{"admin":true}}');
    expect(answer.body).toEqual({ name: 'a', size: 3 });
  });
});

describe('a change that another site makes a browser send', () => {
  const send = (headers: Record<string, string>) =>
    request(app)
      .post('/api/things')
      .set({ Host: 'tickets.example', ...headers })
      .send({ name: 'a', size: 1 });

  test.each<[string, Record<string, string>]>([
    ['Sec-Fetch-Site is cross-site', { 'Sec-Fetch-Site': 'cross-site' }],
    ['Sec-Fetch-Site is same-site: a neighbour on another subdomain', { 'Sec-Fetch-Site': 'same-site' }],
    ['Origin is another', { Origin: 'https://evil.example' }],
    ['Origin is another port', { Origin: 'http://tickets.example:8080' }],
    ['Origin is null: a sandboxed frame', { Origin: 'null' }],
  ])('When %s, then it is refused', async (_what, headers) => {
    const answer = await send(headers);
    expect([answer.status, answer.body.type]).toEqual([403, '/problems/ForeignOrigin']);
  });

  test.each<[string, Record<string, string>]>([
    ['it is from here', { 'Sec-Fetch-Site': 'same-origin', Origin: 'http://tickets.example' }],
    ['Origin is ours', { Origin: 'http://tickets.example' }],
    ['it is no browser', {}],
  ])('When %s, then it is let through', async (_what, headers) => {
    expect((await send(headers)).status).toBe(201);
  });

  test('When it only reads, then nobody asks where it comes from', async () => {
    expect((await request(app).get('/api/gone').set('Sec-Fetch-Site', 'cross-site')).status).toBe(404);
  });
});

describe('health', () => {
  test('When the service cannot serve, then it lives, is not ready, and says why', async () => {
    const sick = createHttpApp({
      log: silentLog,
      metrics: createMetrics('sick'),
      checkReady: () => {
        throw new Error('MongoDB is not connected');
      },
    });
    expect((await request(sick).get('/healthz')).status).toBe(200);
    const ready = await request(sick).get('/readyz');
    expect([ready.status, ready.body.reason]).toEqual([503, 'MongoDB is not connected']);
    expect((await request(app).get('/readyz')).status).toBe(200);
  });

  test('metrics count by route, not by address', async () => {
    await request(app).get('/api/gone');
    await request(app).get('/api/made-up-address');
    const { text } = await request(app).get('/metrics');
    expect(text).toMatch(/http_request_duration_seconds_count\{[^}]*route="\/api\/gone"[^}]*\} [1-9]/);
    expect(text).not.toContain('made-up-address');
  });
});
