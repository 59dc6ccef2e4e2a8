// Start in order, drain in order. A service is up when it listens and its background work runs; on SIGTERM it takes
// nothing new, finishes what is in hand, publishes what is pending, closes its connections and exits 0.
import type { Server } from 'node:http';
import type { Application } from 'express';
import type { z } from 'zod';
import { systemClock } from '../clock';
import { type BaseConfig, type Config, ConfigurationError, readConfig } from '../config';
import { type ConnectedDapr, connectDapr, waitForSidecar } from '../dapr';
import { createHttpServer } from '../http/create-http-server';
import { createLog, createMetrics, type Log, type Metrics } from '../observability';
import type { BackgroundWork } from './repeat';

export interface ServiceContext<Settings = unknown> {
  config: Settings;
  log: Log;
  metrics: Metrics;
  dapr: ConnectedDapr;
  clock: typeof systemClock;
  /** Throws while the service is draining. */
  checkNotDraining(): void;
}

export interface Service {
  app: Application;
  /** Started in this order, stopped in the reverse. */
  background?: BackgroundWork[];
  /** Ends what would otherwise hold connections open: event streams. */
  onDrain?: () => void;
  /** Closes connections, after everything else. */
  close(): Promise<void>;
}

/** Shorter than what Kubernetes and our runner grant before they kill. */
const drainTimeoutMs = 9_000;

/** What takes longer is cut off: its caller asks again, but what is pending is published by nobody else now. */
const requestsTimeoutMs = 5_000;

export function runService<Shape extends z.ZodRawShape>(
  shape: Shape,
  build: (context: ServiceContext<Config<Shape>>) => Promise<Service>,
): void {
  start(shape, build).catch((error: unknown) => {
    const sentence =
      error instanceof ConfigurationError
        ? error.message
        : error instanceof Error
          ? (error.stack ?? error.message)
          : String(error);
    process.stderr.write(`${process.env.APP_ID ?? 'service'}: ${sentence}\n`);
    process.exit(1);
  });
}

async function start<Shape extends z.ZodRawShape>(
  shape: Shape,
  build: (context: ServiceContext<Config<Shape>>) => Promise<Service>,
): Promise<void> {
  const config = readConfig(shape);
  const { APP_ID, APP_HOST, APP_PORT }: BaseConfig = config;
  const log = createLog(APP_ID, config.LOG_LEVEL);
  const metrics = createMetrics(APP_ID);
  metrics.collectProcess();
  const dapr = await connectDapr({
    host: config.DAPR_HOST,
    httpPort: config.DAPR_HTTP_PORT,
    apiToken: config.DAPR_API_TOKEN,
  });
  let draining = false;
  const checkNotDraining = () => {
    if (draining) throw new Error('the service is draining');
  };
  await waitForSidecar(dapr.sidecar);
  const service = await build({ config, log, metrics, dapr, clock: systemClock, checkNotDraining });
  const server = createHttpServer(service.app);
  await listen(server, APP_PORT, APP_HOST);
  for (const work of service.background ?? []) work.start();

  const drain = async (signal: string) => {
    if (draining) return;
    draining = true;
    log.info({ signal }, 'draining');
    const deadline = setTimeout(() => {
      log.error('could not drain in time; what is stored will be taken up after the restart');
      process.exit(1);
    }, drainTimeoutMs);
    deadline.unref();
    service.onDrain?.();
    if (!(await closeServer(server, requestsTimeoutMs))) log.warn('cut off requests that took too long');
    let exitCode = 0;
    for (const work of [...(service.background ?? [])].reverse()) {
      await work.stop().catch((error: unknown) => {
        log.error({ err: error }, 'could not stop a background work; the others are stopped all the same');
        exitCode = 1;
      });
    }
    await service.close();
    await dapr.close();
    log.info('stopped');
    process.exit(exitCode);
  };
  for (const signal of ['SIGTERM', 'SIGINT'] as const) {
    process.on(signal, () => {
      drain(signal).catch((error: unknown) => {
        log.fatal({ err: error }, 'drain failed');
        process.exit(1);
      });
    });
  }
  log.info({ port: APP_PORT }, 'started');
}

const listen = (server: Server, port: number, host: string) =>
  new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, host, () => {
      server.off('error', reject);
      resolve();
    });
  });

/**
 * Stops accepting and waits for the requests in hand; idle kept-alive connections are closed at once.
 * @returns false when some were not finished `withinMs` and their connections had to be closed
 */
async function closeServer(server: Server, withinMs: number): Promise<boolean> {
  let inTime = true;
  const closed = new Promise<void>((resolve, reject) => {
    server.close((error) => (error ? reject(error) : resolve()));
  });
  server.closeIdleConnections();
  const closing = setInterval(() => server.closeIdleConnections(), 100);
  const late = setTimeout(() => {
    inTime = false;
    server.closeAllConnections();
  }, withinMs);
  await closed.finally(() => {
    clearInterval(closing);
    clearTimeout(late);
  });
  return inTime;
}
