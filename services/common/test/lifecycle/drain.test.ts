import { type ChildProcess, spawn } from 'node:child_process';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { freePort } from '../../../../tests/setup/free-port';
import { waitUntil } from '../../src/testing';

/** A sidecar that the test holds in its hand. */
interface HeldSidecar {
  server: Server;
  port: number;
  invocations: ServerResponse[];
  published: string[];
}

async function heldSidecar(): Promise<HeldSidecar> {
  const invocations: ServerResponse[] = [];
  const published: string[] = [];
  const server = createServer(async (req, res) => {
    const body = await text(req);
    if (req.url?.startsWith('/v1.0/invoke/')) {
      invocations.push(res);
      return;
    }
    if (req.url?.includes('/publish/bulk/'))
      published.push(...(JSON.parse(body) as { event: { id: string } }[]).map(({ event }) => event.id));
    res.writeHead(204).end();
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return { server, port: (server.address() as AddressInfo).port, invocations, published };
}

async function text(req: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of req) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks).toString();
}

interface Started {
  child: ChildProcess;
  output: string[];
  /** The exit code, or the signal that ended it. */
  exited: Promise<number | NodeJS.Signals | null>;
}

const running: ChildProcess[] = [];

function startTinyService(env: Record<string, string>): Started {
  const child = spawn(process.execPath, ['--require', 'tsx/cjs', join(__dirname, 'tiny-service.ts')], {
    env: { PATH: process.env.PATH ?? '', APP_ID: 'tiny', APP_HOST: '127.0.0.1', ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  running.push(child);
  const output: string[] = [];
  child.stdout?.on('data', (chunk: Buffer) => output.push(chunk.toString()));
  child.stderr?.on('data', (chunk: Buffer) => output.push(chunk.toString()));
  return {
    child,
    output,
    exited: new Promise((resolve) => child.once('close', (code, signal) => resolve(code ?? signal))),
  };
}

let sidecar: HeldSidecar;
beforeEach(async () => {
  sidecar = await heldSidecar();
});
afterEach(() => {
  for (const child of running.splice(0)) child.kill('SIGKILL');
  sidecar.server.closeAllConnections();
  sidecar.server.close();
});

async function readyService(env: Record<string, string> = {}): Promise<{ service: Started; url: string }> {
  const port = await freePort();
  const url = `http://127.0.0.1:${port}`;
  const service = startTinyService({ APP_PORT: `${port}`, DAPR_HTTP_PORT: `${sidecar.port}`, ...env });
  const started = () => service.output.join('').includes('"started"');
  const ready = async () => started() && (await fetch(`${url}/readyz`)).ok;
  await waitUntil(ready, { timeoutMs: 30_000, what: 'the service is ready' });
  return { service, url };
}

describe('a service that gets SIGTERM', () => {
  test('When a request is in hand, then it is finished, what it left is published, nothing new is taken, and the exit is 0', async () => {
    const { service, url } = await readyService();

    const answer = fetch(`${url}/api/work`, { method: 'POST' });
    await waitUntil(() => sidecar.invocations.length === 1, { what: 'the request is in hand' });
    service.child.kill('SIGTERM');
    await waitUntil(() => service.output.join('').includes('draining'), { what: 'it drains' });
    await expect(fetch(`${url}/healthz`)).rejects.toThrow();
    expect(service.child.exitCode).toBeNull();
    expect(sidecar.published).toEqual([]);

    sidecar.invocations[0]?.writeHead(200).end('{}');
    expect((await answer).status).toBe(201);
    expect(await service.exited).toBe(0);
    expect(sidecar.published).toEqual(['done']);
  }, 60_000);

  test('When a request takes too long, then it is cut off, and what is pending is published all the same', async () => {
    const { service, url } = await readyService();

    const first = fetch(`${url}/api/work`, { method: 'POST' });
    await waitUntil(() => sidecar.invocations.length === 1, { what: 'the first request is in hand' });
    sidecar.invocations[0]?.writeHead(200).end('{}');
    expect((await first).status).toBe(201);
    const endless = expect(fetch(`${url}/api/wait`)).rejects.toThrow();
    await waitUntil(() => service.output.join('').includes('waiting'), { what: 'the endless request is in hand' });

    service.child.kill('SIGTERM');
    await endless;
    expect(await service.exited).toBe(0);
    expect(service.output.join('')).toContain('cut off');
    expect(sidecar.published).toEqual(['done']);
  }, 60_000);

  test('When one background work cannot be stopped, then the others are all the same, and the exit is 1', async () => {
    const { service, url } = await readyService({ LAST_WORK_FAILS: '1' });
    const answer = fetch(`${url}/api/work`, { method: 'POST' });
    await waitUntil(() => sidecar.invocations.length === 1, { what: 'the request is in hand' });
    sidecar.invocations[0]?.writeHead(200).end('{}');
    expect((await answer).status).toBe(201);

    service.child.kill('SIGTERM');
    expect(await service.exited).toBe(1);
    expect(sidecar.published).toEqual(['done']);
  }, 60_000);

  test('When nothing is in hand, then it stops at once, also with idle connections open', async () => {
    const { service } = await readyService();
    service.child.kill('SIGTERM');
    expect(await service.exited).toBe(0);
    expect(service.output.join('')).not.toContain('cut off');
  }, 60_000);
});

describe('a service that cannot start', () => {
  test('When a setting is missing, then one sentence names it, and the exit is 1', async () => {
    const service = startTinyService({ DAPR_HTTP_PORT: `${sidecar.port}` });
    expect(await service.exited).toBe(1);
    expect(service.output.join('')).toBe('tiny: APP_PORT is not set: give it a value in the environment.\n');
  }, 60_000);

  test('When its port is taken, then the exit is 1', async () => {
    const service = startTinyService({ APP_PORT: `${sidecar.port}`, DAPR_HTTP_PORT: `${sidecar.port}` });
    expect(await service.exited).toBe(1);
    expect(service.output.join('')).toContain('EADDRINUSE');
  }, 60_000);
});
