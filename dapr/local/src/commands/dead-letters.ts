import { topics } from '../apps';
import { type DeadEvent, type DeadLetterBox, deadEvents } from '../dead-letters/dead-letters';
import { findFailingServices } from '../dead-letters/find-failing-services';
import { openJetstreamDeadLetters } from '../dead-letters/jetstream-dead-letters';
import { openRedisDeadLetters } from '../dead-letters/redis-dead-letters';
import { accepts } from '../launcher/wait-until';
import { readRecord } from '../processes/process-record';
import { dataFolder } from '../settings/data-folder';
import { loadEnvFile } from '../settings/load-env-file';
import { Problem } from '../settings/problem';
import { readDataDir, readRedisUrl } from '../settings/read-settings';
import type { Command } from './command';
import { formatTable } from './format-table';

export const command: Command = {
  summary: 'Lists the events that a consumer gave up, and puts them back when told to',
  usage: `dead-letters [topic] [--replay]

Topics: ${topics.join(', ')}; without one, all. With --replay each event goes back to its topic once and leaves the
dead letters: every consumer of the topic gets it again, and those that had taken it see that they have. Mend first
what made them give up. Reads the broker of the running marketplace; of one that make run did not start, the Redis at
REDIS_URL (after dapr init: redis://127.0.0.1:6379/0).

A dead letter does not tell which consumer gave it up. "failed in" names the services whose logs of make run tell of a
failure with the event; elsewhere look for its id in their logs. "times" counts since the event was last put back, over
all consumers.`,
  takes: { words: topics.length, options: ['--replay'] },
  async run(words) {
    loadEnvFile();
    const asked = topicsAsked(words.filter((word) => word !== '--replay'));
    const box = await openBox();
    try {
      const replay = words.includes('--replay');
      const found = await Promise.all(
        asked.map(async (topic) => ({ topic, events: deadEvents(await box.list(topic)) })),
      );
      const ids = new Set(found.flatMap(({ events }) => events.map(({ id }) => id)));
      const failing = await findFailingServices(dataFolder(readDataDir(process.env)).logs, ids);
      const lines = found.flatMap(({ topic, events }) =>
        events.map((event) => describe(topic, event, failing.get(event.id) ?? [])),
      );
      if (lines.length === 0) {
        process.stdout.write(`No dead letters${asked.length === 1 ? ` of ${asked[0]}` : ''}.\n`);
        return 0;
      }
      process.stdout.write(`${formatTable(heads, lines)}\n\n`);
      if (!replay) process.stdout.write(`${lines.length} in all. REPLAY=1 (--replay) puts them back.\n`);
      else for (const { topic, events } of found) await putBack(box, topic, events);
      return 0;
    } finally {
      await box.close();
    }
  },
};

const heads = ['topic', 'id', 'type', 'subject', 'time', 'given up', 'times', 'failed in'];

const describe = (
  topic: string,
  { id, type, subject, time, letters }: DeadEvent,
  failing: readonly string[],
): string[] => [
  topic,
  id,
  type,
  subject,
  time,
  letters.at(-1)?.diedAt.toISOString() ?? '',
  String(letters.length),
  failing.join(', ') || 'not in the logs here',
];

async function putBack(box: DeadLetterBox, topic: string, events: DeadEvent[]): Promise<void> {
  let count = 0;
  for (const { letters } of events) if (await box.putBack(topic, letters)) count += 1;
  if (count > 0) process.stdout.write(`Put ${count} back to ${topic}.\n`);
}

function topicsAsked(words: string[]): string[] {
  const unknown = words.find((word) => !(topics as readonly string[]).includes(word));
  if (unknown === undefined) return words.length > 0 ? words : [...topics];
  throw new Problem(`There is no topic ${unknown}. There are: ${topics.join(', ')}.`);
}

/** The record tells what runs; a Redis that was given to the run is not in it. */
async function openBox(): Promise<DeadLetterBox> {
  const ports = readRecord(dataFolder(readDataDir(process.env)).recordFile)?.ports ?? {};
  const port = ports.nats ?? ports.redis;
  if (port && !(await accepts(port))) throw new Problem(`The broker does not answer on port ${port}: see make status.`);
  if (ports.nats) return openJetstreamDeadLetters(`127.0.0.1:${ports.nats}`);
  const url = ports.redis ? `redis://127.0.0.1:${ports.redis}/0` : readRedisUrl(process.env);
  if (!url) throw new Problem('Nothing is running: make run first, or name the Redis of another runtime in REDIS_URL.');
  return openRedisDeadLetters(url).catch((cause: Error) => {
    throw new Problem(`The broker cannot be read: ${cause.message}.`);
  });
}
