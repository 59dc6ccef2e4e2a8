import type { App } from '../apps';
import { servers } from '../apps';
import type { Ports } from '../ports';
import { answersOk, waitUntil } from './wait-until';

export interface Readiness {
  ports: Ports;
  publicUrl: string;
  daprApiToken: string;
  onReady(app: string): void;
  signal: AbortSignal;
  timeoutMs: number;
}

/**
 * Asks /readyz of every service and of the web client through its own sidecar, and the gateway, until all have answered.
 * @returns the apps that have not
 */
export async function waitReady({
  ports,
  publicUrl,
  daprApiToken,
  onReady,
  signal,
  timeoutMs,
}: Readiness): Promise<string[]> {
  const headers = { 'dapr-api-token': daprApiToken };
  const asked: [string, () => Promise<boolean>][] = [
    ...servers.map((app): [string, () => Promise<boolean>] => [
      app,
      () => answersOk(`http://127.0.0.1:${ports.apps[app].daprHttp}/v1.0/invoke/${app}/method/readyz`, headers),
    ]),
    ['gateway', () => answersOk(`${publicUrl}/healthz`)],
    ['inbox', () => answersOk(`http://127.0.0.1:${ports.backing.inbox}/`)],
  ];
  const late = await Promise.all(
    asked.map(async ([app, ask]) => {
      if (!(await waitUntil(ask, timeoutMs, signal))) return app;
      onReady(app);
      return undefined;
    }),
  );
  return late.filter((app) => app !== undefined);
}

/** Asks an app itself (`orders`) or its sidecar (`orders.daprd`) whether it is ready; undefined when that cannot be asked. */
export function askApp(
  name: string,
  { ports, publicUrl }: Pick<Readiness, 'ports' | 'publicUrl'>,
): (() => Promise<boolean>) | undefined {
  const [app = '', part] = name.split('.');
  const own = ports.apps[app as App];
  if (part === 'daprd') return () => answersOk(`http://127.0.0.1:${own.daprHttp}/v1.0/healthz/outbound`);
  if (app === 'gateway') return () => answersOk(`${publicUrl}/healthz`);
  return own.app === undefined ? undefined : () => answersOk(`http://127.0.0.1:${own.app}/readyz`);
}
