// Server-sent events read by fetch rather than EventSource, which hides heartbeats: a stream that is silent for longer
// than its heartbeat is dead, whatever the connection says.

export interface StreamHandlers {
  /** The answer has begun: events follow from now on. */
  onOpen(): void;
  /** An event's type and data. */
  onEvent(type: string, data: string): void;
}

/** Services send a heartbeat every 15 s; two may get lost. */
export const silenceLimitMs = 40_000;

/** The stream broke, was refused, fell silent or was aborted; what the handlers throw is none. */
export class StreamError extends Error {}

/**
 * Follows one stream until it ends, falls silent or is aborted; no connection is left behind.
 * @throws StreamError when it breaks, is refused, falls silent or is aborted
 */
export async function followStream(
  path: string,
  { onOpen, onEvent }: StreamHandlers,
  signal: AbortSignal,
  silenceMs = silenceLimitMs,
): Promise<void> {
  // By hand: `AbortSignal.any` is younger than the browsers this is built for.
  const connection = new AbortController();
  const close = () => connection.abort();
  signal.addEventListener('abort', close);
  if (signal.aborted) close();
  let watch = setTimeout(close, silenceMs);
  const heard = () => {
    clearTimeout(watch);
    watch = setTimeout(close, silenceMs);
  };
  try {
    const headers = { accept: 'text/event-stream' };
    const response = await fetch(path, { headers, cache: 'no-store', signal: connection.signal }).catch(broken);
    if (!response.ok || !response.body) throw new StreamError(`the stream was refused with ${response.status}`);
    onOpen();
    const read = eventReader(onEvent);
    const reader = response.body.pipeThrough(new TextDecoderStream()).getReader();
    for (;;) {
      const { done, value } = await reader.read().catch(broken);
      if (done) return;
      heard();
      read(value);
    }
  } finally {
    clearTimeout(watch);
    signal.removeEventListener('abort', close);
    close();
  }
}

/** All that fetch and reading throw is about the network. */
function broken(cause: unknown): never {
  throw new StreamError('the stream broke', { cause });
}

/** Takes text in whatever pieces it comes and tells of each whole event. https://html.spec.whatwg.org/#parsing-an-event-stream */
export function eventReader(onEvent: StreamHandlers['onEvent']): (text: string) => void {
  let rest = '';
  let type = '';
  let data: string[] = [];
  const line = (text: string) => {
    if (text === '') {
      if (data.length > 0) onEvent(type || 'message', data.join('\n'));
      type = '';
      data = [];
      return;
    }
    const colon = text.indexOf(':');
    const field = colon === -1 ? text : text.slice(0, colon);
    const value = colon === -1 ? '' : text.slice(colon + 1).replace(/^ /, '');
    if (field === 'event') type = value;
    if (field === 'data') data.push(value);
  };
  return (text) => {
    const lines = (rest + text).split('\n');
    rest = lines.pop() ?? '';
    for (const each of lines) line(each.replace(/\r$/, ''));
  };
}
