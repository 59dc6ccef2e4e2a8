// Subscriptions as daprd wants them: one per topic, in bulk, routed by type, with a default route. Written here and not
// taken from the SDK: there a handler that throws is acknowledged as SUCCESS, and bulk does not go with routing.
import express, { type Request, type Response, Router } from 'express';
import { type CloudEvent, cloudEventSchema } from '../contracts';
import { type Log, type Metrics, withTrace } from '../observability';
import { countTries, type Tries } from './count-tries';
import { DropEvent, type EventHandler, type EventOutcome, type Subscription } from './dapr';

export interface SubscriptionOptions {
  log: Log;
  metrics: Metrics;
  /** How long daprd waits for company before it brings a batch. */
  eventBatchWaitMs?: number;
  /** By then a batch is answered, and what is not finished is taken again. */
  answerWithinMs?: number;
}

/**
 * With the retries of components/NAME/resiliency.yaml this makes the time an event can be in hand, which must stay below
 * the time after which a broker brings it a second time: tests/architecture/retry-budget.test.ts.
 */
export const defaultAnswerWithinMs = 6_000;
const defaultBatchWaitMs = 100;

/** A timer may end so much too early: what it ended is not followed by another that would have as little time. */
const timerErrorMs = 2;

/** Serves `GET /dapr/subscribe` and the routes it names. */
export function subscriptionRoutes(subscriptions: readonly Subscription[], options: SubscriptionOptions): Router {
  const router = Router();
  router.get('/dapr/subscribe', (_req, res) => {
    res.json(subscriptions.map((subscription) => declaration(subscription, options)));
  });
  const bulkBody = express.json({ limit: '8mb', type: () => true });
  for (const subscription of subscriptions) {
    router.post(pathOf(subscription.topic, unhandled), bulkBody, acknowledgeAll);
    const slots = createSlots(subscription.concurrency ?? 8);
    const tries = countTries();
    startCounting(subscription, options);
    router.post(`/events/${subscription.topic}/:route`, bulkBody, (req, res) =>
      answerBulk(subscription, options, slots, tries, req, res),
    );
  }
  return router;
}

/** Where events go that no handler wants: without a default route they would end in the dead letters. */
const unhandled = 'unhandled';

const pathOf = (topic: string, type: string) => `/events/${topic}/${type.replaceAll('.', '-')}`;

const mostInBatch = 100;

const declaration = (
  { topic, handlers }: Subscription,
  { eventBatchWaitMs = defaultBatchWaitMs }: SubscriptionOptions,
) => ({
  pubsubname: topic,
  topic,
  deadLetterTopic: `${topic}.dead`,
  bulkSubscribe: { enabled: true, maxMessagesCount: mostInBatch, maxAwaitDurationMs: eventBatchWaitMs },
  routes: {
    rules: Object.keys(handlers).map((type) => ({ match: `event.type == "${type}"`, path: pathOf(topic, type) })),
    default: pathOf(topic, unhandled),
  },
});

interface BulkEntry {
  entryId: string;
  event: unknown;
}

/**
 * Never `DROP`: to dead-letter one entry of a batch at once, daprd (1.18) looks it up among those of its route by its
 * place among all, and so takes another one, or panics. Tried again until daprd gives up, it ends in the same place;
 * `dropped` is for readers other than daprd.
 */
const statusOf = (entryId: string, outcome: EventOutcome) =>
  outcome === 'DROP' ? { entryId, status: 'RETRY', dropped: true } : { entryId, status: outcome };

async function answerBulk(
  subscription: Subscription,
  options: SubscriptionOptions,
  slots: Slots,
  tries: Tries,
  req: Request,
  res: Response,
) {
  const { answerWithinMs = defaultAnswerWithinMs, log, metrics } = options;
  const answerBy = performance.now() + answerWithinMs;
  const msLeft = () => answerBy - performance.now();
  const entries = entriesOf(req);
  const outcomes = new Map<string, EventOutcome>();
  // Slots come in the order of arrival, and who holds one ends before this batch has to: nothing waits past `answerBy`.
  await Promise.all(
    lanesOf(entries).map((lane) =>
      slots(async () => {
        for (const { entryId, event } of lane) {
          if (msLeft() < timerErrorMs) return;
          const outcome = tries.wasDropped(entryId) ? 'DROP' : await handle(subscription, options, event, msLeft());
          outcomes.set(entryId, outcome);
        }
      }),
    ),
  );
  for (const { entryId, event } of entries) {
    if (tries.count(entryId, outcomes.get(entryId) ?? 'RETRY')) metrics.eventsGivenUp.inc({ type: typeOf(event) });
  }
  const rest = entries.filter(({ entryId }) => !outcomes.has(entryId)).length;
  if (rest > 0)
    log.warn({ topic: subscription.topic, events: entries.length, rest }, 'no time for the rest of a batch now');
  res.json({ statuses: entries.map(({ entryId }) => statusOf(entryId, outcomes.get(entryId) ?? 'RETRY')) });
}

const acknowledgeAll = (req: Request, res: Response) => {
  res.json({ statuses: entriesOf(req).map(({ entryId }) => ({ entryId, status: 'SUCCESS' })) });
};

const entriesOf = (req: Request): BulkEntry[] => (req.body as { entries?: BulkEntry[] }).entries ?? [];

/** The events of one aggregate in order, one after the other; aggregates beside each other. */
function lanesOf(entries: readonly BulkEntry[]): BulkEntry[][] {
  const lanes = new Map<string, BulkEntry[]>();
  for (const entry of entries) {
    const subject = String((entry.event as { subject?: unknown } | null)?.subject);
    const lane = lanes.get(subject);
    if (lane) lane.push(entry);
    else lanes.set(subject, [entry]);
  }
  return [...lanes.values()];
}

type Slots = (work: () => Promise<void>) => Promise<void>;

/** At most `width` at once over all batches: what follows a request must not crowd out the requests. */
function createSlots(width: number): Slots {
  const waiting: (() => void)[] = [];
  let free = width;
  return async (work) => {
    if (free > 0) free--;
    else await new Promise<void>((resolve) => waiting.push(resolve));
    try {
      await work();
    } finally {
      const next = waiting.shift();
      if (next) next();
      else free++;
    }
  };
}

const malformed = 'malformed';

const typeOf = (body: unknown): string => {
  const parsed = cloudEventSchema.safeParse(body);
  return parsed.success ? parsed.data.type : malformed;
};

/** From 0: of a series that begins with its first event, Prometheus does not see that first one. */
function startCounting({ handlers }: Subscription, { metrics }: SubscriptionOptions): void {
  for (const type of [...Object.keys(handlers), malformed]) {
    for (const outcome of ['SUCCESS', 'RETRY', 'DROP'] as const) metrics.eventsHandled.inc({ type, outcome }, 0);
    metrics.eventsGivenUp.inc({ type }, 0);
  }
}

async function handle(
  { topic, handlers }: Subscription,
  { log, metrics }: SubscriptionOptions,
  body: unknown,
  withinMs: number,
): Promise<EventOutcome> {
  const parsed = cloudEventSchema.safeParse(body);
  const type = parsed.success ? parsed.data.type : malformed;
  const outcome = await withTrace(parsed.data?.traceparent, async (): Promise<EventOutcome> => {
    if (!parsed.success) {
      log.error({ topic, problem: parsed.error.message }, 'dropped a malformed event');
      return 'DROP';
    }
    const handler = handlers[type];
    if (!handler) return 'SUCCESS';
    try {
      await withDeadline(handler, parsed.data as CloudEvent, withinMs);
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
    timer = setTimeout(() => reject(new Error(`the handler did not finish within ${Math.round(ms)} ms`)), ms);
  });
  await Promise.race([handler(event), deadline]).finally(() => clearTimeout(timer));
}
