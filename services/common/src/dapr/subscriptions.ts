// Subscriptions as daprd wants them: one per topic, in bulk, routed by type, with a default route. Written here and not
// taken from the SDK: there a handler that throws is acknowledged as SUCCESS, and bulk does not go with routing.
import express, { type Request, type Response, Router } from 'express';
import { type CloudEvent, cloudEventSchema } from '../contracts';
import { type Log, type Metrics, withTrace } from '../observability';
import { DropEvent, type EventHandler, type EventOutcome, type Subscription } from './dapr';

export interface SubscriptionOptions {
  log: Log;
  metrics: Metrics;
  /** Longer than this, and the event is taken again: an unanswered one would hold its batch for ever. */
  handlerTimeoutMs?: number;
}

const defaultHandlerTimeoutMs = 20_000;

/** Serves `GET /dapr/subscribe` and the routes it names. */
export function subscriptionRoutes(subscriptions: readonly Subscription[], options: SubscriptionOptions): Router {
  const router = Router();
  router.get('/dapr/subscribe', (_req, res) => {
    res.json(subscriptions.map(declaration));
  });
  const bulkBody = express.json({ limit: '8mb', type: () => true });
  for (const subscription of subscriptions) {
    router.post(`/events/${subscription.topic}/:route`, bulkBody, (req, res) =>
      answerBulk(subscription, options, req, res),
    );
  }
  return router;
}

const pathOf = (topic: string, type: string) => `/events/${topic}/${type.replaceAll('.', '-')}`;

const declaration = ({ topic, handlers }: Subscription) => ({
  pubsubname: topic,
  topic,
  deadLetterTopic: `${topic}.dead`,
  bulkSubscribe: { enabled: true, maxMessagesCount: 100, maxAwaitDurationMs: 40 },
  routes: {
    rules: Object.keys(handlers).map((type) => ({ match: `event.type == "${type}"`, path: pathOf(topic, type) })),
    default: pathOf(topic, 'unhandled'),
  },
});

interface BulkEntry {
  entryId: string;
  event: unknown;
}

async function answerBulk(subscription: Subscription, options: SubscriptionOptions, req: Request, res: Response) {
  const entries = (req.body as { entries?: BulkEntry[] }).entries ?? [];
  const outcomes = new Map<string, EventOutcome>();
  await inLanes(entries, subscription.concurrency ?? 8, laneOf, async (entry) => {
    outcomes.set(entry.entryId, await handle(subscription, options, entry.event));
  });
  res.json({ statuses: entries.map(({ entryId }) => ({ entryId, status: outcomes.get(entryId) ?? 'RETRY' })) });
}

const laneOf = (entry: BulkEntry): string => String((entry.event as { subject?: unknown } | null)?.subject);

/** Entries of one lane in order, one after the other; lanes beside each other, at most `width` at once. */
async function inLanes<T>(
  items: readonly T[],
  width: number,
  laneOfItem: (item: T) => string,
  work: (item: T) => Promise<void>,
) {
  const byLane = new Map<string, T[]>();
  for (const item of items) {
    const lane = byLane.get(laneOfItem(item));
    if (lane) lane.push(item);
    else byLane.set(laneOfItem(item), [item]);
  }
  const lanes = [...byLane.values()];
  const worker = async () => {
    for (let lane = lanes.shift(); lane; lane = lanes.shift()) for (const item of lane) await work(item);
  };
  await Promise.all(Array.from({ length: Math.min(width, lanes.length) }, worker));
}

async function handle(
  { topic, handlers }: Subscription,
  { log, metrics, handlerTimeoutMs = defaultHandlerTimeoutMs }: SubscriptionOptions,
  body: unknown,
): Promise<EventOutcome> {
  const parsed = cloudEventSchema.safeParse(body);
  const type = parsed.success ? parsed.data.type : 'malformed';
  const outcome = await withTrace(parsed.data?.traceparent, async (): Promise<EventOutcome> => {
    if (!parsed.success) {
      log.error({ topic, problem: parsed.error.message }, 'dropped a malformed event');
      return 'DROP';
    }
    const handler = handlers[type];
    if (!handler) return 'SUCCESS';
    try {
      await withDeadline(handler, parsed.data as CloudEvent, handlerTimeoutMs);
      return 'SUCCESS';
    } catch (error) {
      const drop = error instanceof DropEvent;
      log.warn(
        { err: error, topic, type, eventId: parsed.data.id },
        drop ? 'dropped an event' : 'event will be tried again',
      );
      return drop ? 'DROP' : 'RETRY';
    }
  });
  metrics.eventsHandled.inc({ type, outcome });
  return outcome;
}

async function withDeadline(handler: EventHandler, event: CloudEvent, ms: number): Promise<void> {
  let timer: NodeJS.Timeout | undefined;
  const deadline = new Promise<never>((_resolve, reject) => {
    timer = setTimeout(() => reject(new Error(`the handler did not finish within ${ms} ms`)), ms);
  });
  await Promise.race([handler(event), deadline]).finally(() => clearTimeout(timer));
}
