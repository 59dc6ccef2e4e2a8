// Passes a WebSocket on to the web client: only `next dev` has one, over which it tells browsers to reload.
import { type IncomingMessage, request } from 'node:http';
import type { Duplex } from 'node:stream';
import { headersForService } from './proxy-request';

/** @param address of the web client, with path and query, normalised */
export function proxyUpgrade(incoming: IncomingMessage, socket: Duplex, head: Buffer, address: string): void {
  const outgoing = request(address, {
    headers: { ...headersForService(incoming), connection: 'Upgrade', upgrade: incoming.headers.upgrade ?? '' },
  });
  socket.on('error', () => outgoing.destroy());
  outgoing.on('error', () => socket.destroy());
  // It answered as to any request: there is no WebSocket here.
  outgoing.on('response', (answer) => {
    answer.resume();
    socket.end(`HTTP/1.1 ${answer.statusCode} ${answer.statusMessage}\r\nconnection: close\r\n\r\n`);
  });
  outgoing.on('upgrade', (answer, upstream, first) => {
    const lines = [`HTTP/1.1 101 ${answer.statusMessage}`];
    for (let index = 0; index < answer.rawHeaders.length; index += 2)
      lines.push(`${answer.rawHeaders[index]}: ${answer.rawHeaders[index + 1]}`);
    socket.write(`${lines.join('\r\n')}\r\n\r\n`);
    socket.write(first);
    upstream.write(head);
    upstream.on('error', () => socket.destroy());
    upstream.on('close', () => socket.destroy());
    socket.on('close', () => upstream.destroy());
    socket.pipe(upstream).pipe(socket);
  });
  outgoing.end();
}
