// Answers of daprd that a healthy one does not give: a server that says what the test tells it to.
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { bindingTimeoutMs, type ConnectedDapr, connectDapr, NoAnswer, PublishFailed } from '../../src';
import { exampleEvent } from '../../src/testing';

let server: Server;
let dapr: ConnectedDapr;
let says: { status: number; body: string } | 'nothing' | 'breaks';

beforeAll(async () => {
  server = createServer((req, res) => {
    // By this the SDK's client finds out whether there is a sidecar.
    if (req.url === '/v1.0/metadata') {
      res.writeHead(200, { 'content-type': 'application/json' }).end('{"id":"test"}');
      return;
    }
    if (says === 'nothing') return;
    if (says === 'breaks') {
      req.socket.destroy();
      return;
    }
    res.writeHead(says.status).end(says.body);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  dapr = await connectDapr({ host: '127.0.0.1', httpPort: (server.address() as AddressInfo).port });
});
afterAll(async () => {
  server.closeAllConnections();
  server.close();
  await dapr.close();
});

const events = ['a', 'b', 'c'].map((id) => exampleEvent('UserCreated', {}, { id }));
const failedIds = async () => {
  const outcome = await dapr.events.publish('users', events).then(
    () => undefined,
    (error: unknown) => error,
  );
  if (outcome === undefined) return [];
  expect(outcome).toBeInstanceOf(PublishFailed);
  return (outcome as PublishFailed).failedIds;
};

describe('publishing', () => {
  test.each<[string, typeof says, string[]]>([
    ['says that all were taken', { status: 204, body: '' }, []],
    [
      'names the entries it could not publish',
      {
        status: 500,
        body: '{"failedEntries":[{"entryId":"1","error":"refused"}],"errorCode":"ERR_PUBSUB_PUBLISH_MESSAGE"}',
      },
      ['b'],
    ],
    [
      'names all entries',
      { status: 500, body: '{"failedEntries":[{"entryId":"0"},{"entryId":"1"},{"entryId":"2"}]}' },
      ['a', 'b', 'c'],
    ],
    [
      'knows no such component',
      { status: 400, body: '{"errorCode":"ERR_PUBSUB_NOT_FOUND","message":"pubsub users not found"}' },
      ['a', 'b', 'c'],
    ],
    ['refuses this app', { status: 403, body: '{"errorCode":"ERR_PUBSUB_FORBIDDEN"}' }, ['a', 'b', 'c']],
    ['fails without a word', { status: 500, body: '' }, ['a', 'b', 'c']],
    ['is a proxy that is down', { status: 502, body: '<html>Bad gateway</html>' }, ['a', 'b', 'c']],
    ['breaks the connection', 'breaks', ['a', 'b', 'c']],
  ])('When the sidecar %s, then exactly the events it did not take have failed', async (_what, answer, failed) => {
    says = answer;
    expect(await failedIds()).toEqual(failed);
  });
});

describe('invoking', () => {
  const invoke = () => dapr.invoker.invoke({ app: 'tickets', method: 'GET', path: 'internal/x', timeoutMs: 200 });

  test.each<[string, typeof says]>([
    ['says nothing', 'nothing'],
    ['breaks the connection', 'breaks'],
    ['cannot reach the app', { status: 500, body: '{"errorCode":"ERR_DIRECT_INVOKE","message":"failed to invoke"}' }],
    [
      'refuses by itself, with a 4xx',
      { status: 403, body: '{"errorCode":"ERR_DIRECT_INVOKE","message":"access denied"}' },
    ],
    ['timed out', { status: 504, body: '' }],
  ])('When the sidecar %s, then it is not known whether it was done', async (_what, answer) => {
    says = answer;
    await expect(invoke()).rejects.toBeInstanceOf(NoAnswer);
  });
});

describe('state, secrets and bindings', () => {
  test.each<[string, () => Promise<unknown>]>([
    ['getMany', () => dapr.state('sessions').getMany(['x'])],
    ['set', () => dapr.state('sessions').set('x', 1)],
    ['secret', () => dapr.secrets.get('jwt-secret')],
    ['binding', () => dapr.binding('mail').send('create', 'x')],
  ])('When the sidecar fails, then %s throws', async (_what, use) => {
    says = { status: 500, body: '{"errorCode":"ERR_STATE_GET","message":"no store"}' };
    await expect(use()).rejects.toThrow();
  });

  test('When one key of many cannot be read, then it is not taken for a missing one', async () => {
    says = { status: 200, body: '[{"key":"a","data":1,"etag":"1"},{"key":"b","error":"timeout"}]' };
    await expect(dapr.state('sessions').getMany(['a', 'b'])).rejects.toThrow('could not read b');
  });
});

describe('a binding', () => {
  test('When the sidecar does not answer, then it is given up after a time of its own', async () => {
    says = 'nothing';
    jest.useFakeTimers();
    try {
      const sending = expect(dapr.binding('mail').send('create', 'text')).rejects.toThrow('within 9000 ms');
      await jest.advanceTimersByTimeAsync(bindingTimeoutMs);
      await sending;
    } finally {
      jest.useRealTimers();
    }
  });
});
