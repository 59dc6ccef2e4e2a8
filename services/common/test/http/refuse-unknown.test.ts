import { Router } from 'express';
import { query } from 'express-validator';
import request from 'supertest';
import { createHttpApp, createMetrics, inputOf, limitField, silentLog, validate } from '../../src';

const routes = Router();
routes.get('/things', validate(limitField(), query('q').optional().isString()), (req, res) => {
  res.json(inputOf(req));
});
routes.post('/things', (_req, res) => {
  res.status(201).end();
});
routes.get('/things/stream', (_req, res) => {
  res.end();
});
routes.get('/things/:id', (req, res) => {
  res.json({ id: req.params.id });
});
routes.delete('/things/:id', (_req, res) => {
  res.status(204).end();
});
const rawRoutes = Router().post('/things/hook', (_req, res) => {
  res.end();
});
const internalRoutes = Router().post('/things/:id/hold', (_req, res) => {
  res.end();
});

const app = createHttpApp({ log: silentLog, metrics: createMetrics('test'), routes, rawRoutes, internalRoutes });
const send = (method: string, path: string) =>
  request(app)[method.toLowerCase() as 'get' | 'head' | 'options' | 'put' | 'delete' | 'patch' | 'post'](path);

describe('a method that a path does not have', () => {
  test.each([
    ['DELETE', '/api/things', 'GET, HEAD, POST, OPTIONS'],
    ['PATCH', '/api/things', 'GET, HEAD, POST, OPTIONS'],
    ['PUT', '/api/THINGS/', 'GET, HEAD, POST, OPTIONS'],
    ['POST', '/api/things/7', 'GET, HEAD, DELETE, OPTIONS'],
    ['GET', '/api/things/7/8', undefined],
    ['PUT', '/api/things/hook', 'POST, GET, HEAD, DELETE, OPTIONS'],
    ['GET', '/internal/things/7/hold', 'POST, OPTIONS'],
    ['POST', '/readyz', 'GET, HEAD, OPTIONS'],
  ])('When %s %s is asked for, then it is refused, and what there is is named: %s', async (method, path, allow) => {
    const answer = await send(method, path);
    expect(answer.headers.allow).toBe(allow);
    expect(answer.type).toBe('application/problem+json');
    expect([answer.status, answer.body.type]).toEqual(
      allow ? [405, '/problems/MethodNotAllowed'] : [404, '/problems/NotFound'],
    );
    if (allow) expect(answer.body.detail).toBe(`This address does not take ${method}, but ${allow}.`);
  });

  test('When another site asks which methods there are, then it is told, and allowed nothing', async () => {
    const answer = await send('OPTIONS', '/api/things').set({
      Origin: 'https://evil.example',
      'Access-Control-Request-Method': 'POST',
    });
    expect([answer.status, answer.headers.allow, answer.text]).toEqual([204, 'GET, HEAD, POST, OPTIONS', '']);
    expect(Object.keys(answer.headers).filter((name) => name.startsWith('access-control'))).toEqual([]);
  });

  test('When nothing is there, then OPTIONS finds nothing either', async () => {
    expect((await send('OPTIONS', '/api/nothing')).status).toBe(404);
  });

  test('When HEAD is asked for, then it is answered as GET is, without the body', async () => {
    const answer = await send('HEAD', '/api/things/7');
    expect([answer.status, answer.headers['content-length'], answer.text]).toEqual([200, '10', undefined]);
    expect((await send('HEAD', '/api/things?colour=red')).status).toBe(400);
  });
});

describe('a query', () => {
  test.each<[string, string, string, string]>([
    ['/api/things?limit[]=1', 'limit[]', 'There is nothing named', 'this address takes limit, q.'],
    ['/api/things?q[$gt]=', 'q[$gt]', 'There is nothing named', 'this address takes limit, q.'],
    ['/api/things?utm_source=mail', 'utm_source', 'There is nothing named "utm_source"', 'takes limit, q.'],
    ['/api/things?__proto__=1', '__proto__', 'There is nothing named', 'takes limit, q.'],
    ['/api/things?limit=100&limit=2', 'limit', 'Give limit once', 'more than once.'],
    ['/api/things?q=%00', 'q', 'Give q as visible text', 'control characters.'],
    ['/api/things?q=a%0d%0ab', 'q', 'Give q as visible text', 'control characters.'],
    ['/api/things/7?fields=all', 'fields', 'There is nothing named "fields"', 'takes no query.'],
    ['/api/things/stream?since=1', 'since', 'There is nothing named "since"', 'takes no query.'],
  ])('When %s is asked for, then it is refused and %s named', async (path, field, begins, ends) => {
    const answer = await send('GET', path);
    expect([answer.status, answer.body.type]).toEqual([400, '/problems/InvalidInput']);
    expect(answer.body.errors).toEqual([{ message: expect.any(String), field }]);
    expect(answer.body.errors[0].message).toMatch(new RegExp(`^${begins}`));
    expect(answer.body.errors[0].message.endsWith(ends)).toBe(true);
  });

  test('When several names are wrong, then each is told, but no endless list', async () => {
    const two = await send('GET', '/api/things?a=1&limit=2&b=2');
    expect(two.body.errors.map(({ field }: { field: string }) => field)).toEqual(['a', 'b']);
    const many = Array.from({ length: 500 }, (_, index) => `n${index}=1`).join('&');
    expect((await send('GET', `/api/things?${many}`)).body.errors).toHaveLength(10);
  });

  test('When all its names are known, then it reaches the route', async () => {
    const answer = await send('GET', '/api/things?q=caf%C3%A9+%F0%9F%8E%9F&limit=3');
    expect([answer.status, answer.body]).toEqual([200, { q: 'café 🎟', limit: 3 }]);
  });

  test('When it comes with a change, then the change is not made', async () => {
    expect((await send('DELETE', '/api/things/7?dry=1')).status).toBe(400);
    expect((await send('DELETE', '/api/things/7?')).status).toBe(204);
  });
});
