/** @jest-environment jsdom */
import type { ListingChange, Ticket } from '@/api/types';
import type { keepFollowing } from '@/live/keep-following';
import type { listenToListing } from '@/live/listing-stream';
import { Channels } from '../tab/channels';

type Options = Parameters<typeof keepFollowing>[1];

/** A stream that a tab follows, as the server's side of it. */
interface Stream {
  opens(): void;
  tells(change: ListingChange): void;
  wake: jest.Mock;
  renew: jest.Mock;
  stop: jest.Mock;
}
const streams: Stream[] = [];
const open = () => streams.filter(({ stop }) => stop.mock.calls.length === 0);

jest.mock('@/live/keep-following', () => ({
  keepFollowing: (_path: string, { onConnected, onEvent }: Options) => {
    const stream: Stream = {
      opens: () => onConnected(true),
      tells: (change) => onEvent('listing', JSON.stringify(change)),
      wake: jest.fn(),
      renew: jest.fn(),
      stop: jest.fn(),
    };
    streams.push(stream);
    return stream;
  },
}));

/** Each tab runs the program anew. */
function newTab(): typeof listenToListing {
  let listen: typeof listenToListing | undefined;
  jest.isolateModules(() => {
    listen = jest.requireActual<{ listenToListing: typeof listenToListing }>('@/live/listing-stream').listenToListing;
  });
  return listen as typeof listenToListing;
}

function listener() {
  const heard: string[] = [];
  return {
    heard,
    onChange: ({ change, ticket }: ListingChange) => void heard.push(`${change} ${ticket.id}`),
    onGap: () => void heard.push('gap'),
  };
}

const taken = (id: string): ListingChange => ({ change: 'removed', ticket: { id } as Ticket });
const aMoment = () => jest.advanceTimersByTimeAsync(300);

/** One holder at a time, in the order of asking; who gives up waiting is told so, as browsers do. */
function locks() {
  let last: Promise<unknown> = Promise.resolve();
  return {
    request(_name: string, { signal }: { signal: AbortSignal }, work: () => Promise<void> | undefined) {
      const before = last;
      const gaveUp = new Promise<never>((_, reject) => {
        signal.addEventListener('abort', () => reject(new DOMException('given up', 'AbortError')));
      });
      let begun = false;
      const turn = before.then(() => {
        if (signal.aborted) return undefined;
        begun = true;
        return work();
      });
      last = turn;
      return Promise.race([turn, gaveUp.catch((error) => (begun ? turn : Promise.reject(error)))]);
    },
  };
}

beforeEach(() => {
  jest.useFakeTimers();
  streams.length = 0;
  Channels.all = [];
  Object.assign(globalThis, { BroadcastChannel: Channels });
  Object.defineProperty(navigator, 'locks', { configurable: true, value: locks() });
});
afterEach(() => {
  jest.useRealTimers();
});

test('Of two tabs one follows the stream, and both hear what it tells', async () => {
  const [one, other] = [listener(), listener()];
  const stops = [newTab()(one), newTab()(other)];
  await aMoment();
  expect(open()).toHaveLength(1);

  open()[0]?.tells(taken('a'));
  expect([one.heard, other.heard]).toEqual([
    ['gap', 'removed a'],
    ['gap', 'removed a'],
  ]);
  for (const stop of stops) stop();
});

test('When the tab that follows is left, then the other one does, and what was missed between is a gap', async () => {
  const [one, other] = [listener(), listener()];
  const stopOne = newTab()(one);
  const stopOther = newTab()(other);
  await aMoment();
  stopOne();
  await aMoment();
  expect([streams.length, open().length]).toEqual([2, 1]);

  other.heard.length = 0;
  open()[0]?.opens();
  await aMoment();
  open()[0]?.tells(taken('b'));
  expect(other.heard).toEqual(['gap', 'removed b']);
  expect(one.heard).not.toContain('removed b');
  stopOther();
  expect(open()).toEqual([]);
});

test('Beginning to listen and the opening of the stream are one gap; each later opening is another', async () => {
  const one = listener();
  const stop = newTab()(one);
  await jest.advanceTimersByTimeAsync(10);
  open()[0]?.opens();
  await aMoment();
  expect(one.heard).toEqual(['gap']);
  open()[0]?.opens();
  await aMoment();
  expect(one.heard).toEqual(['gap', 'gap']);
  stop();
});

test('Two parts of a page share its place, and the last of them gives it up', async () => {
  const listen = newTab();
  const [one, other] = [listener(), listener()];
  const stopOne = listen(one);
  const stopOther = listen(other);
  await aMoment();
  open()[0]?.tells(taken('c'));
  stopOne();
  open()[0]?.tells(taken('d'));
  expect([streams.length, one.heard.at(-1), other.heard.at(-1)]).toEqual([1, 'removed c', 'removed d']);
  stopOther();
  expect(open()).toEqual([]);
});

test('A page that is put aside follows nothing, and looks again when it is shown', async () => {
  const one = listener();
  const stop = newTab()(one);
  await aMoment();
  window.dispatchEvent(new Event('pagehide'));
  await aMoment();
  expect(open()).toEqual([]);

  one.heard.length = 0;
  window.dispatchEvent(Object.assign(new Event('pageshow'), { persisted: true }));
  await aMoment();
  expect([open().length, one.heard]).toEqual([1, ['gap']]);
  stop();
});

test('A stream waits no longer when the page is looked at again, and is opened anew in another network', async () => {
  const stop = newTab()(listener());
  await aMoment();
  document.dispatchEvent(new Event('visibilitychange'));
  expect(open()[0]?.wake).toHaveBeenCalledTimes(1);
  window.dispatchEvent(new Event('online'));
  expect(open()[0]?.renew).toHaveBeenCalledTimes(1);
  stop();
});

test('Without locks, as over plain http, each tab follows a stream of its own', async () => {
  Reflect.deleteProperty(navigator, 'locks');
  const stops = [newTab()(listener()), newTab()(listener())];
  await aMoment();
  expect(open()).toHaveLength(2);
  for (const stop of stops) stop();
  expect(open()).toEqual([]);
});
