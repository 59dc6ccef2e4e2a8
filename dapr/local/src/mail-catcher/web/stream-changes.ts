import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Mailbox } from '../mailbox';

/** Server-sent events: one `changed` after each change of the inbox. */
export function streamChanges(mailbox: Mailbox, request: IncomingMessage, response: ServerResponse): void {
  response.writeHead(200, { 'content-type': 'text/event-stream', 'cache-control': 'no-store' });
  response.write('retry: 2000\n\n');
  const stopListening = mailbox.onChange(() => response.write('event: changed\ndata:\n\n'));
  const alive = setInterval(() => response.write(':\n\n'), 20_000);
  request.once('close', () => {
    clearInterval(alive);
    stopListening();
  });
}
