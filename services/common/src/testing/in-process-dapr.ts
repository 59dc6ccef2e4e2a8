// Dapr for tests: several apps in one process, each with what its sidecar would do for it. Apps are reached by HTTP on
// loopback, so that routes, tokens and bodies are what they are in production; time is the test's; what happens when is
// drawn from a seed.
import type { RequestListener } from 'node:http';
import type { CloudEvent, Topic } from '../contracts';
import { type ActorDefinition, type Dapr, type Invocation, NoAnswer } from '../dapr';
import { currentTraceparent } from '../observability';
import { createActorHost, type ReminderView } from './in-process/actor-host';
import { type AppProcess, startAppProcess } from './in-process/app-process';
import { createBroker, type DeadLetter } from './in-process/broker';
import type { DaprCall } from './in-process/calls';
import type { Faults } from './in-process/faults';
import { checkScope, createStores } from './in-process/stores';
import { seededRandom } from './seeded-random';
import { type VirtualClock, virtualClock } from './virtual-clock';

export type { DeadLetter } from './in-process/broker';
export { type DaprCall, OutOfScope } from './in-process/calls';

export interface RegisterOptions {
  /** Actors that the app hosts. */
  actors?: readonly ActorDefinition[];
  /** Publishes what the app has stored but not yet handed over (`outbox.flush`); called while settling. */
  flush?: () => Promise<void>;
}

export interface SentMessage {
  app: string;
  binding: string;
  operation: string;
  data: unknown;
  metadata: Record<string, string> | undefined;
}

export interface InProcessDapr {
  readonly clock: VirtualClock;
  /** What `createHttpApp` must be told as `appApiToken` to accept calls (without a token it accepts loopback). */
  readonly appToken: string;
  /** What goes wrong; nothing at first. Tests set single entries, or all from `chaos`. */
  faults: Faults;
  /** Every call of any app to its sidecar, in order. */
  readonly calls: DaprCall[];
  readonly published: readonly { topic: Topic; event: CloudEvent }[];
  readonly deadLetters: readonly DeadLetter[];
  /** What output bindings took. */
  readonly sent: readonly SentMessage[];
  readonly reminders: readonly ReminderView[];
  /** The app's own view: what `createApp` takes as its Dapr. Can be had before the app is registered. */
  of(app: string): Dapr;
  /** Where the app listens on loopback. @throws when it is not running */
  urlOf(app: string): string;
  /** Starts the app, or starts it again: subscriptions and actors are served from now on. */
  register(app: string, listener: RequestListener, options?: RegisterOptions): Promise<void>;
  /** The app's process is gone; events and reminders for it wait. */
  stop(app: string): Promise<void>;
  /** Stops the app and starts it with the same routes and actors: what it held in memory, in the test's hands, stays. */
  restart(app: string): Promise<void>;
  /** Delivers, retries and fires what is due now, until nothing is pending. @throws when it does not end */
  settle(): Promise<void>;
  /** Moves the clock, stopping at each reminder on the way, and settles at each. */
  advance(ms: number): Promise<void>;
  /** Puts the dead letters of a topic back in front of their apps; returns how many. */
  replayDeadLetters(topic: Topic): number;
  /** What an actor has stored. */
  actorState(type: string, id: string): Record<string, unknown> | undefined;
  loseReminders(): void;
  /** Stops every app. */
  close(): Promise<void>;
}

export interface InProcessOptions {
  clock?: VirtualClock;
  seed?: number;
  secrets?: Record<string, Record<string, string>>;
}

/** What the secret store `secrets` holds in tests. */
export const testSecrets: Record<string, Record<string, string>> = {
  'jwt-secret': { key: 'a-key-for-tests-and-nothing-else' },
  'ticket-secret': {
    sealWith: 'T2',
    T1: 'an-older-key-of-e-tickets-for-tests',
    T2: 'a-key-of-e-tickets-for-tests-only',
  },
  'stripe-secret': { secretKey: 'sk_test_x', publishableKey: 'pk_test_x', webhookSecret: 'whsec_x' },
};

/** More steps than this means that something is published or retried in a circle. */
const mostSteps = 20_000;

export function inProcessDapr({
  clock = virtualClock(),
  seed = 1,
  secrets = testSecrets,
}: InProcessOptions = {}): InProcessDapr {
  const random = seededRandom(seed);
  const calls: DaprCall[] = [];
  const sent: SentMessage[] = [];
  const apps = new Map<string, { listener: RequestListener; options: RegisterOptions }>();
  const running = new Map<string, AppProcess>();
  const called = (call: DaprCall) => {
    calls.push(call);
  };
  const faults = () => world.faults;
  const broker = createBroker(faults, random);
  const stores = createStores(clock, faults, called);
  const actors = createActorHost(clock, faults, called);

  const invoke = async (from: string, invocation: Invocation) => {
    const { app, method, path, body, timeoutMs } = invocation;
    called({ app: from, kind: 'invoke', target: `${method} ${app}/${path}` });
    const fault = faults().invoke?.(from, invocation);
    const process = running.get(app);
    if (fault === 'loseRequest') throw new NoAnswer(app, 'the connection broke');
    if (!process) throw new NoAnswer(app, 'there is no such app');
    const traceparent = currentTraceparent();
    const headers = { 'dapr-caller-app-id': from, ...(traceparent ? { traceparent } : {}) };
    const answer = await process.request(method, path, body, headers, timeoutMs).catch((cause: unknown) => {
      throw new NoAnswer(app, cause instanceof Error ? cause.message : String(cause), cause);
    });
    if (fault === 'loseAnswer') throw new NoAnswer(app, 'the connection broke');
    if (answer.status >= 500) throw new NoAnswer(app, `${answer.status} ${answer.text.slice(0, 200)}`);
    return { status: answer.status, body: answer.text === '' ? undefined : JSON.parse(answer.text) };
  };

  const send = async (
    app: string,
    binding: string,
    operation: string,
    data: unknown,
    metadata?: Record<string, string>,
  ) => {
    called({ app, kind: 'binding', target: `${binding}/${operation}` });
    checkScope(app, binding);
    const fault = faults().send?.(binding, operation, data);
    if (fault === 'loseRequest') throw new Error(`binding ${binding} did not answer`);
    sent.push({ app, binding, operation, data: structuredClone(data), metadata });
    if (fault === 'loseAnswer') throw new Error(`binding ${binding}: the answer was lost`);
  };

  const world: InProcessDapr = {
    clock,
    appToken: 'app-token-of-the-tests',
    faults: {},
    calls,
    published: broker.published,
    deadLetters: broker.deadLetters,
    sent,
    get reminders() {
      return actors.reminders;
    },
    of: (app) => ({
      events: {
        async publish(topic, events) {
          if (events.length === 0) return;
          called({ app, kind: 'publish', target: topic });
          await broker.publish(app, topic, events);
        },
      },
      invoker: { invoke: (invocation) => invoke(app, invocation) },
      actors: { call: (type, id, method, argument) => actors.call(app, type, id, method, argument) },
      secrets: {
        async get(name) {
          called({ app, kind: 'secret', target: name });
          checkScope(app, 'secrets');
          const found = secrets[name];
          if (!found) throw new Error(`there is no secret ${name}`);
          return { ...found };
        },
      },
      state: (store) => stores.of(app, store),
      binding: (name) => ({ send: (operation, data, metadata) => send(app, name, operation, data, metadata) }),
    }),
    urlOf(app) {
      const process = running.get(app);
      if (!process) throw new Error(`${app} is not running`);
      return `http://127.0.0.1:${process.port}`;
    },
    async register(app, listener, options = {}) {
      if (running.has(app)) await world.stop(app);
      apps.set(app, { listener, options });
      const process = await startAppProcess(listener, world.appToken);
      running.set(app, process);
      await broker.subscribe(app, process);
      actors.host(app, options.actors ?? []);
    },
    async stop(app) {
      actors.leave(app);
      const process = running.get(app);
      running.delete(app);
      await process?.stop();
    },
    async restart(app) {
      const known = apps.get(app);
      if (!known) throw new Error(`${app} was never registered`);
      await world.register(app, known.listener, known.options);
    },
    async settle() {
      for (let step = 0; step < mostSteps; step += 1) {
        for (const [app, { options }] of apps) if (running.has(app)) await options.flush?.();
        const work = [...broker.pending(running), ...actors.due()];
        const next = work[random.below(work.length)];
        if (!next) return;
        await next();
      }
      throw new Error(`not settled after ${mostSteps} steps: is something published in a circle?`);
    },
    async advance(ms) {
      const end = clock.now().getTime() + ms;
      await world.settle();
      for (let next = actors.nextDueAt(); next && next.getTime() <= end; next = actors.nextDueAt()) {
        if (next > clock.now()) clock.set(next);
        await world.settle();
      }
      clock.set(new Date(end));
      await world.settle();
    },
    replayDeadLetters: broker.replay,
    actorState: actors.stateOf,
    loseReminders: actors.loseReminders,
    async close() {
      for (const app of [...running.keys()]) await world.stop(app);
    },
  };
  return world;
}
