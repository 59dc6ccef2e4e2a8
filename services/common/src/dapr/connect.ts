import { sidecarActors } from './actors';
import type { Dapr } from './dapr';
import { sidecarPublisher } from './event-publisher';
import { sidecarInvoker } from './invoker';
import { connectSidecar, type Sidecar, type SidecarAddress } from './sidecar';
import { sidecarState } from './state-store';

export interface ConnectedDapr extends Dapr {
  readonly sidecar: Sidecar;
  readonly address: SidecarAddress;
  close(): Promise<void>;
}

const secretTimeoutMs = 15_000;

/** Others wait behind whoever asks a binding: mails leave one after the other. */
export const bindingTimeoutMs = 9_000;

/**
 * The real Dapr, by this process's sidecar. The SDK is loaded here and not with the library: who only reads contracts or
 * runs on the in-process Dapr has no need of it, and its logger leaves a listener on stdout for each time it is loaded.
 */
export async function connectDapr(address: SidecarAddress): Promise<ConnectedDapr> {
  const { CommunicationProtocolEnum, DaprClient, LogLevel } = await import('@dapr/dapr');
  const sidecar = connectSidecar(address);
  const sdk = new DaprClient({
    daprHost: address.host,
    daprPort: String(address.httpPort),
    communicationProtocol: CommunicationProtocolEnum.HTTP,
    logger: { level: LogLevel.Warn },
    ...(address.apiToken ? { daprApiToken: address.apiToken } : {}),
  });
  return {
    sidecar,
    address,
    events: sidecarPublisher(sidecar),
    invoker: sidecarInvoker(sidecar),
    actors: sidecarActors(sidecar),
    state: (store) => sidecarState(sidecar, store),
    secrets: {
      get: async (name) =>
        (await within(secretTimeoutMs, sdk.secret.get('secrets', name), `secret ${name}`)) as Record<string, string>,
    },
    binding: (name) => ({
      send: async (operation, data, metadata) => {
        await within(bindingTimeoutMs, sdk.binding.send(name, operation, data, metadata), `binding ${name}`);
      },
    }),
    async close() {
      await sdk.stop();
      await sidecar.close();
    },
  };
}

/** Resolves once the sidecar serves its own API (not yet: knows this app). @throws after `timeoutMs` */
export async function waitForSidecar(sidecar: Sidecar, timeoutMs = 60_000): Promise<void> {
  const deadline = Date.now() + timeoutMs;
  for (;;) {
    const answer = await sidecar
      .request('GET', '/v1.0/healthz/outbound', undefined, { timeoutMs: 2_000 })
      .catch((cause: Error) => cause);
    if (!(answer instanceof Error) && answer.status < 300) return;
    if (Date.now() > deadline) throw new Error('the Dapr sidecar did not become healthy', { cause: answer });
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
}

/** The SDK's requests have no deadline of their own. */
async function within<T>(timeoutMs: number, work: Promise<T>, what: string): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const deadline = new Promise<never>((_resolve, reject) => {
    timer = setTimeout(
      () => reject(new Error(`${what}: no answer from the sidecar within ${timeoutMs} ms`)),
      timeoutMs,
    );
  });
  return Promise.race([work, deadline]).finally(() => clearTimeout(timer));
}
