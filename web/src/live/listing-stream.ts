// The listing's changes, for every page that shows tickets: one stream per browser. The tab that holds a lock follows
// the stream and passes on what it hears; when it closes, the browser gives the lock to another tab.
import type { ListingChange } from '@/api/types';
import { type Following, keepFollowing } from './keep-following';

export interface ListingListener {
  onChange(change: ListingChange): void;
  /** Changes may have been missed: look at the listing again. Called once at the start, too. */
  onGap(): void;
}

const path = '/api/tickets/stream';
const name = 'listing-stream';

type Message = { kind: 'change'; change: ListingChange } | { kind: 'gap' };

const listeners = new Set<ListingListener>();
let leave: (() => void) | undefined;

/** @returns stops listening; the last listener of a tab gives up its place */
export function listenToListing(listener: ListingListener): () => void {
  listeners.add(listener);
  leave ??= join();
  tellOfGap();
  return () => {
    listeners.delete(listener);
    if (listeners.size > 0) return;
    leave?.();
    leave = undefined;
  };
}

function tell(message: Message): void {
  if (message.kind === 'gap') tellOfGap();
  else for (const listener of listeners) listener.onChange(message.change);
}

/** A page that has just begun to listen and a stream that has just opened are one gap. */
const gapsWithinMs = 250;
let gapAwaits = false;

function tellOfGap(): void {
  if (gapAwaits) return;
  gapAwaits = true;
  setTimeout(() => {
    gapAwaits = false;
    for (const listener of listeners) listener.onGap();
  }, gapsWithinMs);
}

/** Takes part in the browser's one stream until left. A page that is put aside leaves, and joins again when shown. */
function join(): () => void {
  let part = takePart();
  const putAside = () => part.end();
  const shownAgain = ({ persisted }: PageTransitionEvent) => {
    if (!persisted) return;
    part = takePart();
    tell({ kind: 'gap' });
  };
  const wake = () => document.visibilityState === 'visible' && part.wake();
  const renew = () => part.renew();
  window.addEventListener('pagehide', putAside);
  window.addEventListener('pageshow', shownAgain);
  window.addEventListener('online', renew);
  document.addEventListener('visibilitychange', wake);
  return () => {
    window.removeEventListener('pagehide', putAside);
    window.removeEventListener('pageshow', shownAgain);
    window.removeEventListener('online', renew);
    document.removeEventListener('visibilitychange', wake);
    part.end();
  };
}

interface Part {
  wake(): void;
  renew(): void;
  end(): void;
}

function takePart(): Part {
  const channel = new BroadcastChannel(name);
  channel.onmessage = ({ data }: MessageEvent<Message>) => tell(data);
  const ended = new AbortController();
  let following: Following | undefined;
  const lead = () =>
    new Promise<void>((resolve) => {
      following = follow((message) => {
        tell(message);
        channel.postMessage(message);
      });
      ended.signal.addEventListener('abort', () => {
        following?.stop();
        resolve();
      });
    });
  void holdPlace(ended.signal, lead);
  return {
    wake: () => following?.wake(),
    renew: () => following?.renew(),
    end() {
      ended.abort();
      channel.close();
    },
  };
}

/** Locks exist on secure origins only; elsewhere each tab follows a stream of its own. */
async function holdPlace(signal: AbortSignal, lead: () => Promise<void>): Promise<void> {
  if (!('locks' in navigator)) return lead();
  try {
    await navigator.locks.request(name, { signal }, () => (signal.aborted ? undefined : lead()));
  } catch (error) {
    if ((error as Error).name !== 'AbortError') throw error;
  }
}

const follow = (pass: (message: Message) => void) =>
  keepFollowing(path, {
    onConnected: (connected) => connected && pass({ kind: 'gap' }),
    onEvent(type, data) {
      if (type === 'listing') pass({ kind: 'change', change: JSON.parse(data) as ListingChange });
    },
  });
