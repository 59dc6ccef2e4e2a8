// Topics, and one consumer group for each app and topic, as daprd serves them: in bulk, routed by type, at least once,
// a dead-letter topic at the end of the tries.
import { randomUUID } from 'node:crypto';
import { type CloudEvent, type Topic, topicOwners } from '../../contracts';
import { PublishFailed } from '../../dapr';
import type { SeededRandom } from '../seeded-random';
import type { AppProcess } from './app-process';
import { OutOfScope } from './calls';
import type { Faults } from './faults';

export interface DeadLetter {
  topic: Topic;
  /** The app that could not handle it. */
  app: string;
  event: CloudEvent;
  reason: 'dropped' | 'tries exhausted';
}

export interface Broker {
  publish(app: string, topic: Topic, events: readonly CloudEvent[]): Promise<void>;
  /** Reads `GET /dapr/subscribe`; the app gets what was published since the beginning, or since it was last here. */
  subscribe(app: string, process: AppProcess): Promise<void>;
  /** One piece of work for each group that has events waiting and whose app is `running`. */
  pending(running: ReadonlyMap<string, AppProcess>): (() => Promise<void>)[];
  readonly published: readonly { topic: Topic; event: CloudEvent }[];
  readonly deadLetters: readonly DeadLetter[];
  /** As `make dead-letters REPLAY=1`: each event goes back once, in front of every app; returns how many. */
  replay(topic: Topic): number;
}

interface Declaration {
  pubsubname: string;
  topic: Topic;
  deadLetterTopic: string;
  bulkSubscribe: { maxMessagesCount: number };
  routes: { rules: { match: string; path: string }[]; default: string };
}

interface Message {
  event: CloudEvent;
  attempts: number;
  delays: number;
}

interface Arriving {
  message: Message;
  answerLost: boolean;
}

interface Group {
  app: string;
  declaration: Declaration;
  queue: Message[];
}

/** The first attempt and the six retries of components/local/resiliency.yaml. */
const triesBeforeDeath = 7;
const mostDelays = 5;

export function createBroker(faults: () => Faults, random: SeededRandom): Broker {
  const published: { topic: Topic; event: CloudEvent }[] = [];
  const groups = new Map<string, Group>();
  const deadLetters: DeadLetter[] = [];

  const enqueue = (topic: Topic, event: CloudEvent) => {
    published.push({ topic, event });
    for (const { declaration, queue } of groups.values()) {
      if (declaration.topic === topic) queue.push({ event, attempts: 0, delays: 0 });
    }
  };

  const attempt = async (group: Group, process: AppProcess) => {
    const batch = shuffled(group.queue.splice(0, group.declaration.bulkSubscribe.maxMessagesCount), random);
    const arriving: Arriving[] = [];
    for (const message of batch) {
      const fault = faults().deliver?.({ app: group.app, event: message.event, attempt: message.attempts + 1 });
      if (fault === 'lose') continue;
      if (fault === 'delay' && message.delays < mostDelays) {
        message.delays += 1;
        group.queue.push(message);
        continue;
      }
      message.attempts += 1;
      if (fault === 'repeat') group.queue.push({ event: message.event, attempts: 0, delays: mostDelays });
      if (fault === 'loseRequest') again(group, message);
      else arriving.push({ message, answerLost: fault === 'loseAnswer' });
    }
    const byPath = new Map<string, Arriving[]>();
    for (const entry of arriving) {
      const path = routeOf(group.declaration, entry.message.event);
      byPath.set(path, [...(byPath.get(path) ?? []), entry]);
    }
    for (const [path, entries] of byPath) {
      const statuses = await deliver(
        process,
        group.declaration,
        path,
        entries.map(({ message }) => message.event),
      );
      entries.forEach(({ message, answerLost }, index) => {
        const status = answerLost ? 'RETRY' : statuses[index];
        if (status === 'DROP') bury(group, message, 'dropped');
        else if (status !== 'SUCCESS') again(group, message);
      });
    }
  };

  const again = (group: Group, message: Message) => {
    if (message.attempts >= triesBeforeDeath) bury(group, message, 'tries exhausted');
    else group.queue.push(message);
  };

  const bury = ({ app, declaration }: Group, { event }: Message, reason: DeadLetter['reason']) => {
    deadLetters.push({ topic: declaration.topic, app, event, reason });
  };

  return {
    published,
    deadLetters,
    async publish(app, topic, events) {
      if (topicOwners[topic] !== app) throw publishFailed(topic, events, new OutOfScope(app, `topic ${topic}`));
      const failed: CloudEvent[] = [];
      for (const event of events) {
        const fault = faults().publish?.(topic, event);
        if (fault !== 'loseRequest') enqueue(topic, structuredClone(event));
        if (fault) failed.push(event);
      }
      if (failed.length > 0) throw publishFailed(topic, failed, new Error('the broker did not answer'));
    },
    async subscribe(app, process) {
      const answer = await process.request('GET', '/dapr/subscribe', undefined, {});
      if (answer.status !== 200) throw new Error(`${app} answered ${answer.status} to GET /dapr/subscribe`);
      for (const declaration of JSON.parse(answer.text) as Declaration[]) {
        const key = `${app}/${declaration.topic}`;
        const group = groups.get(key);
        if (group) {
          group.declaration = declaration;
          continue;
        }
        const history = published.filter(({ topic }) => topic === declaration.topic);
        const queue = history.map(({ event }) => ({ event, attempts: 0, delays: 0 }));
        groups.set(key, { app, declaration, queue });
      }
    },
    pending(running) {
      return [...groups.values()].flatMap((group) => {
        const process = running.get(group.app);
        return process && group.queue.length > 0 ? [() => attempt(group, process)] : [];
      });
    },
    replay(topic) {
      const dead = deadLetters.filter((letter) => letter.topic === topic);
      for (const letter of dead) deadLetters.splice(deadLetters.indexOf(letter), 1);
      const events = new Map(dead.map(({ event }) => [event.id, event]));
      for (const { declaration, queue } of groups.values()) {
        if (declaration.topic === topic)
          for (const event of events.values()) queue.push({ event, attempts: 0, delays: 0 });
      }
      return events.size;
    },
  };
}

/** daprd takes events from Redis side by side: even without faults their order is nobody's promise. */
function shuffled<T>(items: T[], random: SeededRandom): T[] {
  for (let last = items.length - 1; last > 0; last -= 1) {
    const other = random.below(last + 1);
    [items[last], items[other]] = [items[other] as T, items[last] as T];
  }
  return items;
}

function routeOf({ routes }: Declaration, event: CloudEvent): string {
  return routes.rules.find(({ match }) => match === `event.type == "${event.type}"`)?.path ?? routes.default;
}

type Status = 'SUCCESS' | 'RETRY' | 'DROP';

/**
 * The statuses of the entries, in their order. No answer, or a failure as a whole, is RETRY for all; 404 is DROP. An app
 * may not answer DROP (see subscriptions.ts); what it says it has dropped is spared the tries that lead nowhere.
 */
async function deliver(
  process: AppProcess,
  { pubsubname, topic }: Declaration,
  path: string,
  events: readonly CloudEvent[],
): Promise<Status[]> {
  const entryIds = events.map(() => randomUUID());
  const body = {
    id: 'bulk',
    pubsubname,
    topic,
    type: 'com.dapr.event.sent.bulk',
    metadata: {},
    entries: events.map((event, index) => ({
      entryId: entryIds[index],
      event,
      contentType: 'application/cloudevents+json',
      metadata: {},
    })),
  };
  const answer = await process.request('POST', path, body, {}).catch(() => undefined);
  if (answer?.status === 404) return events.map(() => 'DROP');
  if (!answer || answer.status >= 300) return events.map(() => 'RETRY');
  const { statuses } = JSON.parse(answer.text) as {
    statuses: { entryId: string; status: Exclude<Status, 'DROP'>; dropped?: boolean }[];
  };
  const byEntry = new Map(
    statuses.map(({ entryId, status, dropped }): [string, Status] => [entryId, dropped ? 'DROP' : status]),
  );
  return events.map((_event, index) => byEntry.get(entryIds[index] ?? '') ?? 'RETRY');
}

const publishFailed = (topic: Topic, events: readonly CloudEvent[], cause: unknown) =>
  new PublishFailed(
    topic,
    events.map(({ id }) => id),
    cause,
  );
