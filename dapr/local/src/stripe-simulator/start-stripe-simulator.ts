import { once } from 'node:events';
import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import pino from 'pino';
import { Account } from './account';
import { Faults } from './admin/faults';
import { systemClock } from './clock';
import { createSimulatorServer } from './http/create-server';
import { IdempotencyKeys } from './http/idempotency';
import type { SimulatorSettings } from './settings';
import { Store } from './store/store';
import { WebhookSender } from './webhooks/webhook-sender';

export interface StripeSimulator {
  /** Where the `stripe` SDK, browsers and the controls find it: `http://127.0.0.1:12111`. */
  url: string;
  port: number;
  stop(): Promise<void>;
}

/** Throws when the port is taken or the data file is damaged. */
export async function startStripeSimulator(settings: SimulatorSettings): Promise<StripeSimulator> {
  const { host = '127.0.0.1', clock = systemClock, log = pino({ level: 'silent' }) } = settings;
  const faults = new Faults();
  const store = new Store();
  const webhooks = createSender(settings, store, faults, clock, log);
  const account = new Account(store, clock, webhooks);
  let url = '';
  const server = createSimulatorServer({
    account,
    store,
    faults,
    keys: settings,
    idempotency: new IdempotencyKeys(store, clock),
    log,
    origin: () => settings.publicUrl ?? url,
  });

  // The port first: whoever has it owns the data file too. No request is looked at before this function goes on.
  server.listen(settings.port, host);
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  url = `http://${host.includes(':') ? `[${host}]` : host}:${port}`;
  try {
    if (settings.dataFile !== undefined) store.open(settings.dataFile);
  } catch (error) {
    await closeServer(server);
    throw error;
  }
  account.watchAuthorizations();
  webhooks?.resume();

  const lapsing = setInterval(() => {
    account.lapseAuthorizations();
    store.commit();
  }, 1000);
  lapsing.unref();
  return {
    url,
    port,
    async stop() {
      clearInterval(lapsing);
      await closeServer(server);
      await webhooks?.stop();
      store.close();
    },
  };
}

function createSender(
  settings: SimulatorSettings,
  ...rest: [Store, Faults, NonNullable<SimulatorSettings['clock']>, NonNullable<SimulatorSettings['log']>]
): WebhookSender | null {
  if (settings.webhookUrl === undefined) return null;
  const endpoint = {
    url: settings.webhookUrl,
    secret: settings.webhookSecret,
    events: settings.webhookEvents ?? ['*'],
    firstRetryMs: settings.webhookRetryMs ?? 1000,
  };
  return new WebhookSender(endpoint, ...rest);
}

async function closeServer(server: Server): Promise<void> {
  const closed = once(server, 'close');
  server.close();
  server.closeAllConnections();
  await closed;
}
