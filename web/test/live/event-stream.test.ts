import { eventReader, followStream, StreamError } from '@/live/event-stream';

function read(...pieces: string[]): [string, string][] {
  const events: [string, string][] = [];
  const reader = eventReader((type, data) => events.push([type, data]));
  for (const piece of pieces) reader(piece);
  return events;
}

test('Tells of each whole event, with its type', () => {
  expect(read('retry: 2000\n\nevent: listing\ndata: {"a":1}\n\nevent: other\ndata: b\n\n')).toEqual([
    ['listing', '{"a":1}'],
    ['other', 'b'],
  ]);
});

test('An event may come in any pieces', () => {
  const text =
    'event: listing\r\ndata: one\r\ndata: two\r\n\r\n: heartbeat\r\n\r\nevent: listing\r\ndata: three\r\n\r\n';
  for (let at = 0; at <= text.length; at += 1) {
    expect(read(text.slice(0, at), text.slice(at))).toEqual([
      ['listing', 'one\ntwo'],
      ['listing', 'three'],
    ]);
  }
});

test('Heartbeats and an event that is cut off are none', () => {
  expect(read(': heartbeat\n\n', 'event: listing\ndata: {"a"')).toEqual([]);
});

describe('following a stream', () => {
  /** Answers with the text and then stays open, as a stream does, until it is aborted. */
  function server(text: string) {
    const connections: AbortSignal[] = [];
    jest.spyOn(globalThis, 'fetch').mockImplementation(async (_path, init) => {
      const signal = init?.signal as AbortSignal;
      connections.push(signal);
      const start = (controller: ReadableStreamDefaultController) => {
        controller.enqueue(new TextEncoder().encode(text));
        signal.addEventListener('abort', () => controller.error(signal.reason));
      };
      return new Response(new ReadableStream({ start }));
    });
    return connections;
  }
  const any = AbortSignal.any;

  beforeEach(() => Reflect.deleteProperty(AbortSignal, 'any'));
  afterEach(() => {
    Object.defineProperty(AbortSignal, 'any', { configurable: true, writable: true, value: any });
    jest.restoreAllMocks();
  });

  test('In a browser without `AbortSignal.any` it tells of events until it is aborted', async () => {
    const connections = server('data: one\n\n');
    const stopping = new AbortController();
    const told: string[] = [];
    const onEvent = (_type: string, data: string) => {
      told.push(data);
      stopping.abort();
    };
    await expect(followStream('/stream', { onOpen() {}, onEvent }, stopping.signal)).rejects.toThrow(StreamError);
    expect(told).toEqual(['one']);
    expect(connections.map(({ aborted }) => aborted)).toEqual([true]);
  });

  test('When it falls silent, then it is closed', async () => {
    const connections = server('');
    const following = followStream('/stream', { onOpen() {}, onEvent() {} }, new AbortController().signal, 20);
    await expect(following).rejects.toThrow(StreamError);
    expect(connections.map(({ aborted }) => aborted)).toEqual([true]);
  });

  test('When a listener throws, then its fault is told and no connection is left behind', async () => {
    const connections = server('data: one\n\n');
    const fault = new TypeError('a fault of ours');
    const onEvent = () => {
      throw fault;
    };
    await expect(followStream('/stream', { onOpen() {}, onEvent }, new AbortController().signal)).rejects.toBe(fault);
    expect(connections.map(({ aborted }) => aborted)).toEqual([true]);
  });

  test('When the network is away, then that is no fault of ours', async () => {
    jest.spyOn(globalThis, 'fetch').mockRejectedValue(new TypeError('fetch failed'));
    const following = followStream('/stream', { onOpen() {}, onEvent() {} }, new AbortController().signal);
    await expect(following).rejects.toThrow(StreamError);
  });
});
