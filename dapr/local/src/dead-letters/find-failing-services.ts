// Which services have failed on an event, by what they logged of it here: a dead letter is the event as it was published
// (dapr 1.18, subscription/bulksubscription.go, sendBulkToDeadLetter), and does not tell whose it is.
import { createReadStream, existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { services } from '../apps';

/** As common's subscriptions.ts logs an event that will be tried again, or is dropped. */
const failedOn = /"eventId":"([^"]+)"/;

/** By event id, in the order of `services`. A service that failed and then took the event is named, too. */
export async function findFailingServices(
  logs: string,
  eventIds: ReadonlySet<string>,
): Promise<ReadonlyMap<string, readonly string[]>> {
  const found = new Map<string, string[]>();
  const files = existsSync(logs) ? readdirSync(logs) : [];
  for (const service of services) {
    const failed = new Set<string>();
    for (const file of files.filter((name) => name.startsWith(`${service}_app_`))) {
      for await (const line of createInterface({ input: createReadStream(join(logs, file)) })) {
        const [, id] = failedOn.exec(line) ?? [];
        if (id && eventIds.has(id)) failed.add(id);
      }
    }
    for (const id of failed) found.set(id, [...(found.get(id) ?? []), service]);
  }
  return found;
}
