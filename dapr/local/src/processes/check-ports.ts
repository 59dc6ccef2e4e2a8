import { createServer } from 'node:net';
import type { NamedPort } from '../ports';
import { Problem } from '../settings/problem';

/** @throws Problem naming the first port that is taken, what it is for and how to move it */
export async function checkPorts(ports: NamedPort[]): Promise<void> {
  for (const { port, purpose, variable } of ports) {
    const same = ports.find((other) => other.port === port);
    if (same && same.purpose !== purpose) {
      throw new Problem(
        `Port ${port} would be both ${same.purpose} and ${purpose}: set ${same.variable} to another port.`,
      );
    }
    const fault = await tryPort(port);
    if (fault === 'EADDRINUSE') {
      throw portTaken({ port, purpose, variable });
    }
    if (fault === 'EACCES')
      throw new Problem(`Port ${port} (${purpose}) may not be used by this user: set ${variable} to one above 1023.`);
  }
}

export function portTaken({ port, purpose, variable }: NamedPort): Problem {
  const another = variable === 'PORT_BASE' ? 'number (200 further is safe)' : 'port';
  const hint = isEphemeral(port)
    ? `one below ${ephemeral.first}: ports from there to ${ephemeral.last} are also given to outgoing connections`
    : `another ${another}`;
  return new Problem(
    `Port ${port} (${purpose}) is taken by another program: stop that, or set ${variable} to ${hint}.`,
  );
}

/** What Linux gives to outgoing connections (net.ipv4.ip_local_port_range, as it comes): free now, taken in a moment. */
const ephemeral = { first: 32_768, last: 60_999 };
const isEphemeral = (port: number) => port >= ephemeral.first && port <= ephemeral.last;

/** Listens as the programs will, on loopback, and as `dapr run` tries, on all addresses. */
async function tryPort(port: number): Promise<string | undefined> {
  return (await listenOn(port, '127.0.0.1')) ?? (await listenOn(port));
}

const listenOn = (port: number, host?: string) =>
  new Promise<string | undefined>((resolve) => {
    const server = createServer();
    server.once('error', (error: NodeJS.ErrnoException) => resolve(error.code ?? error.message));
    server.listen({ port, host, exclusive: true }, () => server.close(() => resolve(undefined)));
  });
