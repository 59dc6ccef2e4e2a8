// What a service knows of Dapr: these words and nothing else. Two things speak them: the real sidecar (connect.ts)
// and the in-process Dapr of the tests.
import type { CloudEvent, Topic } from '../contracts';

export interface Dapr {
  readonly events: EventPublisher;
  readonly invoker: Invoker;
  readonly actors: ActorCaller;
  readonly secrets: SecretStore;
  state(store: string): StateStore;
  binding(name: string): OutputBinding;
}

export interface EventPublisher {
  /**
   * Hands the events to the broker. Resolves when every one is stored there.
   * @throws PublishFailed with the ids that were not taken; all others were
   */
  publish(topic: Topic, events: readonly CloudEvent[]): Promise<void>;
}

export class PublishFailed extends Error {
  constructor(
    topic: string,
    readonly failedIds: readonly string[],
    cause: unknown,
  ) {
    super(`${failedIds.length} events were not taken by topic ${topic}`, { cause });
  }
}

export interface Invocation {
  app: string;
  method: 'GET' | 'POST' | 'PUT' | 'DELETE';
  /** Without a leading slash: `internal/tickets/42/hold`. */
  path: string;
  body?: unknown;
  timeoutMs?: number;
}

export interface Answer {
  status: number;
  body: unknown;
}

export interface Invoker {
  /**
   * Calls another service through the sidecars. Any answer of the service itself below 500 is returned, refusals included.
   * @throws NoAnswer when it is not known whether the call was carried out (timeout, connection lost, 5xx)
   */
  invoke(invocation: Invocation): Promise<Answer>;
}

/** The other side may or may not have done it. Never read it as a refusal. */
export class NoAnswer extends Error {
  constructor(
    readonly app: string,
    reason: string,
    cause?: unknown,
  ) {
    super(`no answer from ${app}: ${reason}`, { cause });
  }
}

export interface StateStore {
  getMany<T>(keys: readonly string[]): Promise<Map<string, T>>;
  set(key: string, value: unknown, options?: { ttlSeconds?: number }): Promise<void>;
}

export interface OutputBinding {
  /** @throws when the binding did not take it */
  send(operation: string, data: unknown, metadata?: Record<string, string>): Promise<void>;
}

export interface SecretStore {
  /** @throws when the store does not have it */
  get(name: string): Promise<Record<string, string>>;
}

export interface ActorCaller {
  /** @param argument an object; the SDK spreads arrays and refuses plain values. @throws NoAnswer when the actor did not say that it is done */
  call(type: string, id: string, method: string, argument?: object): Promise<void>;
}

/** What an actor's code may use while it has its turn. */
export interface ActorContext {
  readonly id: string;
  getState<T>(key: string): Promise<T | undefined>;
  /** Stored before the turn ends; a turn whose state was not stored has failed. */
  setState(key: string, value: unknown): Promise<void>;
  removeState(key: string): Promise<void>;
  /** Fires after `dueMs`, then every `periodMs` until it is cancelled. Registering again replaces. */
  remind(name: string, when: { dueMs: number; periodMs: number }): Promise<void>;
  cancelReminder(name: string): Promise<void>;
}

export interface ActorDefinition {
  readonly type: string;
  readonly methods: Record<string, (actor: ActorContext, argument: unknown) => Promise<void>>;
  /** Throwing makes Dapr try again; it must also repeat by its period, since Dapr's own tries are few. */
  onReminder(actor: ActorContext): Promise<void>;
}

/** What the handler of an event wants done with it when it throws: anything else it throws means RETRY. */
export class DropEvent extends Error {}

/** Where the event handler's outcome goes: done, again later, or to the dead letters. */
export type EventOutcome = 'SUCCESS' | 'RETRY' | 'DROP';

export interface Subscription {
  readonly topic: Topic;
  /** By event type. Types that are not named here are acknowledged unread. */
  readonly handlers: Readonly<Record<string, EventHandler>>;
  /**
   * How many events are handled at once, over all batches; those of one aggregate in a batch one after the other.
   * Default 8. No order is promised: daprd takes events from the broker side by side, so the version tells which is newer.
   */
  readonly concurrency?: number;
}

export type EventHandler = (event: CloudEvent) => Promise<void>;
