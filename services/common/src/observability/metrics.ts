import { Counter, collectDefaultMetrics, Gauge, Histogram, Registry } from 'prom-client';

export type Metrics = ReturnType<typeof createMetrics>;

/** The service's Prometheus metrics; a registry of its own, so that two apps fit in one process (tests). */
export function createMetrics(app: string) {
  const registry = new Registry();
  registry.setDefaultLabels({ app });
  const registers = [registry];
  return {
    registry,
    collectProcess: () => collectDefaultMetrics({ register: registry }),
    requestSeconds: new Histogram({
      name: 'http_request_duration_seconds',
      help: 'Time to answer, by route',
      labelNames: ['method', 'route', 'status'],
      buckets: [0.002, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10],
      registers,
    }),
    eventsHandled: new Counter({
      name: 'events_handled_total',
      help: 'Events taken from the sidecar, by type and outcome',
      labelNames: ['type', 'outcome'],
      registers,
    }),
    eventsGivenUp: new Counter({
      name: 'events_given_up_total',
      help: 'Events that end in the dead letters: refused, or failed as often as the sidecar brings them; by type',
      labelNames: ['type'],
      registers,
    }),
    eventsPublished: new Counter({
      name: 'events_published_total',
      help: 'Events the sidecar has taken from the outbox, by type',
      labelNames: ['type'],
      registers,
    }),
    outboxSwept: new Counter({
      name: 'outbox_swept_total',
      help: 'Events published by the sweeper because a crash or an outage left them behind',
      registers,
    }),
    /** A time, not an age: who hangs sets it no more, and what has waited is older with every look at the clock. */
    outboxClearUntil: new Gauge({
      name: 'outbox_clear_until_timestamp_seconds',
      help: 'All events stored before this Unix time were published when the sweeper last looked, by topic; 0: it never did',
      labelNames: ['topic'],
      registers,
    }),
    workWaiting: new Gauge({
      name: 'work_waiting',
      help: 'What is decided and not done yet, by kind, as a reconciler last saw it',
      labelNames: ['kind'],
      registers,
    }),
    workWaitingSeconds: new Gauge({
      name: 'work_waiting_seconds',
      help: 'How long the oldest of it has waited, by kind, as last seen',
      labelNames: ['kind'],
      registers,
    }),
    workGivenUp: new Counter({
      name: 'work_given_up_total',
      help: 'What was decided and will not be done unless an operator wants it, by kind and reason',
      labelNames: ['kind', 'reason'],
      registers,
    }),
    reconciled: new Counter({
      name: 'reconciled_total',
      help: 'What reconcilers have settled, by reconciler and outcome',
      labelNames: ['reconciler', 'outcome'],
      registers,
    }),
  };
}
