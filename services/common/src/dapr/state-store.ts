import type { StateStore } from './dapr';
import type { Sidecar, SidecarAnswer } from './sidecar';

/** A Dapr state store by its component's name. @throws when the sidecar does not answer or refuses */
export function sidecarState(sidecar: Sidecar, store: string): StateStore {
  const path = `/v1.0/state/${store}`;
  return {
    async getMany<T>(keys: readonly string[]) {
      const body = JSON.stringify({ keys, parallelism: 10 });
      const rows = JSON.parse(
        expectOk(await sidecar.request('POST', `${path}/bulk`, body), store).text,
      ) as BulkRow<T>[];
      const failed = rows.find(({ error }) => error);
      if (failed) throw new Error(`state store ${store} could not read ${failed.key}: ${failed.error}`);
      return new Map(
        rows.filter(({ data }) => data !== undefined && data !== null).map(({ key, data }) => [key, data as T]),
      );
    },
    async set(key, value, options) {
      const metadata = options?.ttlSeconds ? { ttlInSeconds: String(options.ttlSeconds) } : undefined;
      expectOk(await sidecar.request('POST', path, JSON.stringify([{ key, value, metadata }])), store);
    },
  };
}

interface BulkRow<T> {
  key: string;
  data?: T;
  error?: string;
}

function expectOk(answer: SidecarAnswer, store: string): SidecarAnswer {
  if (answer.status < 300) return answer;
  throw new Error(`state store ${store}: the sidecar answered ${answer.status} ${answer.text.slice(0, 200)}`);
}
