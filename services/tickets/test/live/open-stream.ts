import { get, type IncomingHttpHeaders, type IncomingMessage } from 'node:http';

export interface ListingEvent {
  change: 'listed' | 'changed' | 'removed';
  ticket: { id: string; title: string; price: number; version: number };
}

export interface ListingStream {
  headers: IncomingHttpHeaders;
  text(): string;
  events(): ListingEvent[];
  /** Resolves when the server has ended the stream. */
  ended: Promise<void>;
  close(): void;
}

/** Reads an event stream as a browser's EventSource does. */
export async function openStream(url: string): Promise<ListingStream> {
  const response = await new Promise<IncomingMessage>((resolve, reject) => get(url, resolve).once('error', reject));
  let text = '';
  response.setEncoding('utf8');
  response.on('data', (chunk: string) => {
    text += chunk;
  });
  response.on('error', () => undefined);
  const ended = new Promise<void>((resolve) => response.once('close', resolve));
  return {
    headers: response.headers,
    text: () => text,
    events: () =>
      text
        .split('\n\n')
        .slice(0, -1)
        .flatMap((block) => {
          const lines = block.split('\n');
          const data = lines.find((line) => line.startsWith('data: '));
          return lines.includes('event: listing') && data ? [JSON.parse(data.slice(6)) as ListingEvent] : [];
        }),
    ended,
    close: () => response.destroy(),
  };
}
