// State stores whose entries lapse by the virtual clock, with the scopes and key prefixes of components/local.
import type { Clock } from '../../clock';
import type { StateStore } from '../../dapr';
import { type DaprCall, OutOfScope } from './calls';
import type { Faults } from './faults';

/** As in components/local: who may use a component. */
const scopes: Record<string, readonly string[]> = {
  statestore: ['expiration'],
  sessions: ['auth', 'tickets', 'orders', 'payments'],
  secrets: ['auth', 'tickets', 'orders', 'payments'],
  mail: ['notifications'],
};
/** `keyPrefix: name`: every app sees the same keys. */
const sharedStores = new Set(['sessions']);

/** @throws OutOfScope */
export function checkScope(app: string, component: string): void {
  if (!scopes[component]?.includes(app)) throw new OutOfScope(app, component);
}

interface Entry {
  json: string;
  lapsesAtMs: number;
}

export interface Stores {
  of(app: string, store: string): StateStore;
}

export function createStores(clock: Clock, faults: () => Faults, called: (call: DaprCall) => void): Stores {
  const entries = new Map<string, Entry>();
  const read = (key: string): unknown => {
    const entry = entries.get(key);
    return entry && entry.lapsesAtMs > clock.now().getTime() ? JSON.parse(entry.json) : undefined;
  };
  return {
    of(app, store) {
      const path = (key: string) => (sharedStores.has(store) ? `${store}||${key}` : `${store}||${app}||${key}`);
      const faulty = async <T>(operation: 'get' | 'set', key: string, work: () => T): Promise<T> => {
        checkScope(app, store);
        const fault = faults().state?.(store, operation, key);
        if (fault === 'loseRequest') throw new Error(`state store ${store}: the sidecar did not answer`);
        const result = work();
        if (fault === 'loseAnswer') throw new Error(`state store ${store}: the answer was lost`);
        return result;
      };
      return {
        async getMany<T>(keys: readonly string[]) {
          called({ app, kind: 'state.getMany', target: `${store}/${keys.join(',')}` });
          return faulty('get', keys.join(','), () => {
            const found = keys.map((key): [string, unknown] => [key, read(path(key))]);
            return new Map(found.filter(([, value]) => value !== undefined && value !== null)) as Map<string, T>;
          });
        },
        async set(key, value, options) {
          called({ app, kind: 'state.set', target: `${store}/${key}` });
          const ttlMs = options?.ttlSeconds ? options.ttlSeconds * 1000 : Number.POSITIVE_INFINITY;
          const entry = { json: JSON.stringify(value), lapsesAtMs: clock.now().getTime() + ttlMs };
          await faulty('set', key, () => entries.set(path(key), entry));
        },
      };
    },
  };
}
