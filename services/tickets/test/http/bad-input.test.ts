// What is not what a route asks for is refused with a problem document, and changes nothing.
import request, { type Test } from 'supertest';
import { expectProblem } from '../../../../tests/setup/expect-problem';
import { listedBy, type RunningTickets, startTickets } from '../start-tickets';

let running: RunningTickets;
let server: string;
let cookie: string;
let id: string;
let before: string;
beforeAll(async () => {
  running = await startTickets();
  server = running.dapr.urlOf('tickets');
  cookie = running.cookieOf('ada');
  id = (await listedBy(running, 'ada')).id;
  await running.dapr.settle();
  before = await everything();
});
afterAll(() => running.close());

const everything = async () => JSON.stringify(await running.model.find().sort({ _id: 1 }).lean());

async function expectRefused(asking: Test, status: number, code?: string): Promise<Record<string, unknown>> {
  const problem = expectProblem(await asking, status, code);
  expect(await everything()).toBe(before);
  return problem;
}

const routes = {
  'POST /api/tickets': () => request(server).post('/api/tickets'),
  'PUT /api/tickets/:id': () => request(server).put(`/api/tickets/${id}`),
};
type Route = keyof typeof routes;
const everyRoute = Object.keys(routes) as Route[];
const send = (route: Route) => routes[route]().set('Cookie', cookie);
const good = { title: 'Ada', price: 100 };

const wrongTypes: [string, unknown][] = [
  ['missing', undefined],
  ['null', null],
  ['true', true],
  ['an operator', { $gt: '' }],
  ['an operator in a list', [{ $ne: null }]],
  ['an object', { toString: 'Ada', length: 3 }],
  ['an empty list', []],
  ['an empty string', ''],
];
const badTitles: [string, unknown][] = [
  ...wrongTypes,
  ['a number', 42],
  ['a list of good values', ['Ada', 'Ada']],
  ['only white space', ' \t\n\u00a0\u3000'],
  ['201 characters', 'a'.repeat(201)],
  ['60,000 characters', 'a'.repeat(60_000)],
  ['a right-to-left override', 'Ada \u202etxt.exe'],
  ['an isolate', 'Ada \u2067 live'],
  ['an Arabic letter mark', 'Ada \u061c live'],
  ['a zero-width space', 'A\u200bda'],
  ['only zero-width joiners', '\u200d\u200d'],
  ['only a Hangul filler', '\u3164'],
  ['only blank Braille', '\u2800'],
  ['only combining marks', '\u0301\u0302'],
  ['a byte order mark inside', 'A\ufeffda'],
  ['a lone surrogate', 'Ada \ud83c'],
  ['a NUL', 'Ada\u0000'],
  ['a line break', 'Ada\nlive'],
  ['a line separator', 'Ada\u2028live'],
  ['a terminal’s escape', 'Ada\u001b[31m'],
];
const badPrices: [string, unknown][] = [
  ...wrongTypes,
  ['a string', '100'],
  ['a list of good values', [100]],
  ['negative', -100],
  ['zero', 0],
  ['minus zero', -0],
  ['49', 49],
  ['100,000,000', 100_000_000],
  ['a fraction', 99.5],
  ['past whole numbers', 1e300],
  ['an extended number', { $numberLong: '100' }],
];

const badVenues = badTitles.filter(([what]) => what !== 'missing' && what !== 'null');
const badDates: [string, unknown][] = [
  ...wrongTypes.filter(([what]) => what !== 'missing' && what !== 'null'),
  ['a number', 1_900_000_000_000],
  ['a list of good values', ['2027-06-30T19:30:00Z']],
  ['an extended date', { $date: '2027-06-30T19:30:00Z' }],
  ['over', '2001-01-01T00:00:00Z'],
  ['over by its offset', '2000-01-01T00:00:00-23:59'],
  ['of the year 0', '0000-01-01T00:00:00Z'],
  ['a milliard years away', '+1000000000-01-01T00:00:00Z'],
  ['a milliard years away, without a sign', '1000000000-01-01T00:00:00Z'],
  ['past the year 9999', '+010000-01-01T00:00:00Z'],
  ['past the year 9999 by its offset', '9999-12-31T23:59:59-00:01'],
  ['30 February', '2027-02-30T19:30:00Z'],
  ['29 February of no leap year', '2027-02-29T19:30:00Z'],
  ['of the 13th month', '2027-13-01T19:30:00Z'],
  ['of hour 24', '2027-06-30T24:00:00Z'],
  ['of minute 60', '2027-06-30T19:60:00Z'],
  ['of second 60', '2027-06-30T23:59:60Z'],
  ['with an offset of a day', '2027-06-30T19:30:00+24:00'],
  ['with half an offset', '2027-06-30T19:30:00+02'],
  ['without an offset', '2027-06-30T19:30:00'],
  ['without seconds', '2027-06-30T19:30Z'],
  ['without a time', '2027-06-30'],
  ['with a space', '2027-06-30 19:30:00Z'],
  ['with spaces around', ' 2027-06-30T19:30:00Z '],
  ['with a line behind', '2027-06-30T19:30:00Z\n'],
  ['for people', '30 June 2027, 19:30'],
  ['of a mail', 'Wed, 30 Jun 2027 19:30:00 GMT'],
  ['in Arabic digits', '٢٠٢٧-٠٦-٣٠T١٩:٣٠:٠٠Z'],
  ['in full-width digits', '２０２７-０６-３０T１９:３０:００Z'],
  ['with a minus that is none', '2027−06−30T19:30:00Z'],
  ['with a hidden character', '2027-06-30T19:30:00\u200bZ'],
  ['of 60,000 digits', `2027-06-30T19:30:00.${'1'.repeat(60_000)}Z`],
];

describe.each(everyRoute)('%s', (route) => {
  it.each(badVenues)('refuses a venue that is %s', async (_what, venue) => {
    const { errors } = await expectRefused(send(route).send({ ...good, venue }), 400, 'InvalidInput');
    expect(errors).toMatchObject([{ field: 'venue' }]);
  });

  it.each(badDates)('refuses a date that is %s', async (_what, startsAt) => {
    const { errors } = await expectRefused(send(route).send({ ...good, startsAt }), 400, 'InvalidInput');
    expect(errors).toMatchObject([{ field: 'startsAt' }]);
  });

  it.each(badTitles)('refuses a title that is %s', async (_what, title) => {
    const { errors } = await expectRefused(send(route).send({ ...good, title }), 400, 'InvalidInput');
    expect(errors).toMatchObject([{ field: 'title' }]);
  });

  it.each(badPrices)('refuses a price that is %s', async (_what, price) => {
    const { errors } = await expectRefused(send(route).send({ ...good, price }), 400, 'InvalidInput');
    expect(errors).toMatchObject([{ field: 'price' }]);
  });

  it.each([
    ['nothing', ''],
    ['an empty object', '{}'],
    ['an empty list', '[]'],
    ['a list', '[{"title":"Ada","price":100}]'],
    ['fields under __proto__', '{"__proto__":{"title":"Ada","price":100}}'],
    ['fields under constructor', '{"constructor":{"prototype":{"title":"Ada","price":100}}}'],
    ['a number that overflows', '{"title":"Ada","price":1e999}'],
  ])('refuses a body that is %s', async (_what, body) => {
    await expectRefused(send(route).set('Content-Type', 'application/json').send(body), 400, 'InvalidInput');
  });

  it.each([
    ['broken JSON', '{"title":"Ada",'],
    ['bare text', 'Ada'],
    ['null', 'null'],
    ['a string', '"Ada"'],
    ['a NaN', '{"title":"Ada","price":NaN}'],
  ])('refuses a body that is %s', async (_what, body) => {
    await expectRefused(send(route).set('Content-Type', 'application/json').send(body), 400, 'MalformedBody');
  });

  it('refuses a body of 1 MB', async () => {
    await expectRefused(send(route).send({ ...good, title: 'a'.repeat(1_000_000) }), 413, 'BodyTooLarge');
  });

  it.each(['text/plain', 'application/x-www-form-urlencoded', 'multipart/form-data; boundary=x', 'application/xml'])(
    'refuses a body that is %s',
    async (type) => {
      const body = type.includes('urlencoded') ? 'title=Ada&price=100' : JSON.stringify(good);
      await expectRefused(send(route).set('Content-Type', type).send(body), 415, 'UnsupportedMediaType');
    },
  );

  it('refuses a character set and an encoding that it does not know', async () => {
    const type = 'application/json; charset=iso-8859-1';
    await expectRefused(send(route).set('Content-Type', type).send(JSON.stringify(good)), 415);
    await expectRefused(send(route).set('Content-Encoding', 'compress').send(good), 415);
    const notGzip = send(route).set('Content-Type', 'application/json').set('Content-Encoding', 'gzip');
    await expectRefused(notGzip.send(JSON.stringify(good)), 400);
  });

  it('names each field that is wrong, once', async () => {
    const { errors } = await expectRefused(send(route).send({ title: 7, price: 'x' }), 400);
    expect((errors as { field: string }[]).map(({ field }) => field)).toEqual(['title', 'price']);
  });

  it('refuses what another site’s page sends', async () => {
    await expectRefused(send(route).set('Sec-Fetch-Site', 'cross-site').send(good), 403, 'ForeignOrigin');
    await expectRefused(send(route).set('Origin', 'https://evil.example').send(good), 403, 'ForeignOrigin');
  });
});

describe('fields that nobody asked for', () => {
  it('are not taken: a ticket is never listed as another’s, held, or sold', async () => {
    const extra = { ...good, userId: 'eve', orderId: 'order-1', sold: true, version: 9, _id: id, $set: { price: 1 } };
    const answer = await request(running.app).post('/api/tickets').set('Cookie', cookie).send(extra);
    expect(answer.body).toMatchObject({ userId: 'ada', orderId: null, sold: false, version: 1 });
    expect(answer.body.id).not.toBe(id);
    await running.model.collection.deleteOne({ _id: answer.body.id });
  });
});

const badIds: [string, string][] = [
  ['unknown', '0123456789abcdef01234567'],
  ['too short', '1'],
  ['in capitals', 'ABCDEF0123456789ABCDEF01'],
  ['an operator', encodeURIComponent('{"$gt":""}')],
  ['an operator by brackets', '[$ne]'],
  ['__proto__', '__proto__'],
  ['constructor', 'constructor'],
  ['a NUL', '%00'],
  ['a path', '..%2f..%2fetc%2fpasswd'],
  ['a right-to-left override', '%E2%80%AE'],
  ['2,000 characters', 'a'.repeat(2_000)],
];
const routesById: [string, (path: string) => Test][] = [
  ['GET', (path) => request(server).get(`/api/tickets/${path}`)],
  ['PUT', (path) => request(server).put(`/api/tickets/${path}`).set('Cookie', cookie).send(good)],
  ['DELETE', (path) => request(server).delete(`/api/tickets/${path}`).set('Cookie', cookie)],
];

describe.each(routesById)('%s /api/tickets/:id', (_method, ask) => {
  it.each(badIds)('answers 404 for an id that is %s', async (_what, path) => {
    await expectRefused(ask(path), 404, 'NotFound');
  });

  it('answers 400 for an address that is not valid', async () => {
    await expectRefused(ask('%E0%A4%A'), 400, 'MalformedPath');
  });
});

describe('the version that was seen', () => {
  it.each<[string, unknown]>([
    ['a string', '1'],
    ['zero', 0],
    ['negative', -1],
    ['a fraction', 1.5],
    ['null', null],
    ['an operator', { $gt: 0 }],
    ['a list', [1]],
  ])('is refused in the body when it is %s', async (_what, version) => {
    const { errors } = await expectRefused(send('PUT /api/tickets/:id').send({ ...good, version }), 400);
    expect(errors).toMatchObject([{ field: 'version' }]);
  });

  it.each(['"abc"', '"-1"', '"1", "x"', '"1" "2"', ',', '{"$gt":""}', '""', '9999999999'])(
    'is refused as If-Match: %s',
    async (ifMatch) => {
      await expectRefused(send('PUT /api/tickets/:id').set('If-Match', ifMatch).send(good), 400, 'InvalidInput');
      const removal = request(server).delete(`/api/tickets/${id}`).set('Cookie', cookie).set('If-Match', ifMatch);
      await expectRefused(removal, 400, 'InvalidInput');
    },
  );
});

const base64 = (json: string) => Buffer.from(json).toString('base64url');
const badQueries = [
  'limit=0',
  'limit=101',
  'limit=-1',
  'limit=1.5',
  'limit=ten',
  'limit=1&limit=2',
  'cursor=',
  'cursor=1&cursor=2',
  `cursor=${base64('null')}`,
  `cursor=${base64('{"id":{"$gt":""}}')}`,
  `cursor=${base64('{"id":"a","price":{"$gt":0}}')}`,
  `cursor=${base64('{"id":"a","startsAtMs":1e300}')}`,
  'cursor=%00',
];
const badListings = [
  'minPrice=-1',
  'minPrice=1.5',
  'minPrice=',
  'minPrice=cheap',
  'maxPrice=1e9',
  'maxPrice=9999999999',
  'maxPrice=1&maxPrice=2',
  'sort=oldest',
  'sort=__proto__',
  'sort=price&sort=price',
  'q=a&q=b',
  `q=${'a'.repeat(201)}`,
];

describe('listings', () => {
  it.each([...badQueries, ...badListings])('GET /api/tickets?%s is refused', async (query) => {
    await expectRefused(request(server).get(`/api/tickets?${query}`), 400, 'InvalidInput');
  });

  it.each(badQueries)('GET /api/tickets/mine?%s is refused', async (query) => {
    await expectRefused(request(server).get(`/api/tickets/mine?${query}`).set('Cookie', cookie), 400, 'InvalidInput');
  });

  it.each([
    'q[$gt]=',
    'minPrice[$gt]=1',
    '__proto__[limit]=1',
    'limit[]=5',
    'constructor=1',
    'utm_source=mail',
    'q=%00',
  ])('GET /api/tickets?%s is refused, and the name told', async (query) => {
    const problem = await expectRefused(request(server).get(`/api/tickets?${query}`), 400, 'InvalidInput');
    expect(problem.errors).toEqual([{ message: expect.any(String), field: query.split('=')[0] }]);
  });

  it.each(['%F0%9F%8E%9F', '%E2%80%AE', '.*', '(((((', '^Ada', '$where', '%ED%A0%80', '%E0%A4%A'])(
    'a search for %s is only a search',
    async (q) => {
      expect((await request(server).get(`/api/tickets?q=${q}`)).status).toBe(200);
    },
  );
});

describe('what other services ask', () => {
  const ask = (path: string, body: unknown) =>
    running.dapr.of('orders').invoker.invoke({ app: 'tickets', method: 'POST', path, body });

  it.each<[string, unknown]>([
    ['nothing', undefined],
    ['without a buyer', { orderId: 'o' }],
    ['with an empty order', { orderId: '', buyerId: 'bob' }],
    ['with an operator', { orderId: { $ne: null }, buyerId: 'bob' }],
    ['with a price that is a string', { orderId: 'o', buyerId: 'bob', price: '1' }],
    ['with a fraction of a cent', { orderId: 'o', buyerId: 'bob', price: 1.5 }],
    ['as a list', [{ orderId: 'o', buyerId: 'bob' }]],
  ])('a hold that is asked for %s is refused', async (_what, body) => {
    expect((await ask(`internal/tickets/${id}/hold`, body)).status).toBe(400);
    expect(await everything()).toBe(before);
  });

  it.each<[string, unknown]>([
    ['nothing', undefined],
    ['no order', {}],
    ['an operator', { orderId: { $ne: null } }],
  ])('a release for %s is refused', async (_what, body) => {
    expect((await ask(`internal/tickets/${id}/release`, body)).status).toBe(400);
    expect(await everything()).toBe(before);
  });
});

it('what is not there is answered 404, and what a path does not do 405, in the same form', async () => {
  await expectRefused(request(server).get('/api/nothing'), 404, 'NotFound');
  const patching = request(server).patch(`/api/tickets/${id}`).set('Cookie', cookie).send(good);
  await expectRefused(patching, 405, 'MethodNotAllowed');
});
