// Actors as daprd runs them: one turn at a time for each actor, state stored in one transaction at the end of the turn
// (a turn that throws stores nothing), reminders registered at once and kept until they are cancelled.
import type { ActorContext, ActorDefinition } from '../../dapr';
import { NoAnswer } from '../../dapr';
import { withTrace } from '../../observability';
import type { VirtualClock } from '../virtual-clock';
import type { DaprCall } from './calls';
import type { Faults } from './faults';

export interface ReminderView {
  type: string;
  id: string;
  name: string;
  dueAt: Date;
}

export interface ActorHost {
  /** The app that hosts these actors is up. */
  host(app: string, definitions: readonly ActorDefinition[]): void;
  /** It is down: calls fail, reminders wait. State and reminders stay. */
  leave(app: string): void;
  call(caller: string, type: string, id: string, method: string, argument: unknown): Promise<void>;
  /** One piece of work for each reminder that is due and whose actor has a host. */
  due(): (() => Promise<void>)[];
  nextDueAt(): Date | undefined;
  readonly reminders: readonly ReminderView[];
  /** What the actor has stored, by key; undefined when nothing. */
  stateOf(type: string, id: string): Record<string, unknown> | undefined;
  /** Forgets every reminder, as a lost Scheduler would. */
  loseReminders(): void;
}

interface Reminder {
  type: string;
  id: string;
  name: string;
  dueAtMs: number;
  periodMs: number;
  failures: number;
}

/** Dapr's failure policy for reminders: three more tries, a second apart; then only the next period helps. */
const retries = { count: 3, afterMs: 1_000 };

export function createActorHost(
  clock: VirtualClock,
  faults: () => Faults,
  called: (call: DaprCall) => void,
): ActorHost {
  const hosts = new Map<string, { app: string; definition: ActorDefinition }>();
  const states = new Map<string, Map<string, string>>();
  const reminders = new Map<string, Reminder>();
  const turns = new Map<string, Promise<unknown>>();
  const nowMs = () => clock.now().getTime();

  const takeTurn = (
    type: string,
    id: string,
    what: string,
    turn: (definition: ActorDefinition, actor: ActorContext) => Promise<void>,
  ) => {
    const key = `${type}||${id}`;
    const before = turns.get(key) ?? Promise.resolve();
    const mine = before.then(() => runTurn(type, id, what, turn));
    const settled = mine.catch(() => undefined);
    turns.set(key, settled);
    return mine;
  };

  const runTurn = async (
    type: string,
    id: string,
    what: string,
    turn: (definition: ActorDefinition, actor: ActorContext) => Promise<void>,
  ) => {
    const host = hosts.get(type);
    if (!host) throw new Error(`no app hosts the actor type ${type}`);
    const fault = faults().turn?.({ type, id, what });
    if (fault === 'loseRequest') throw new Error('the connection broke before the turn');
    const changes = new Map<string, string | undefined>();
    await withTrace(undefined, () => turn(host.definition, contextOf(host.app, type, id, changes)));
    if (fault === 'crash') throw new Error('the app died before the state was stored');
    if (changes.size > 0) called({ app: host.app, kind: 'actor.state', target: `${type}/${id}` });
    store(`${type}||${id}`, changes);
    if (fault === 'loseAnswer') throw new Error('the connection broke after the turn');
  };

  const store = (key: string, changes: ReadonlyMap<string, string | undefined>) => {
    const state = states.get(key) ?? new Map<string, string>();
    for (const [name, json] of changes) {
      if (json === undefined) state.delete(name);
      else state.set(name, json);
    }
    if (state.size > 0) states.set(key, state);
    else states.delete(key);
  };

  const contextOf = (
    app: string,
    type: string,
    id: string,
    changes: Map<string, string | undefined>,
  ): ActorContext => ({
    id,
    async getState<T>(key: string) {
      if (!changes.has(key)) called({ app, kind: 'actor.state', target: `${type}/${id}/${key}` });
      const json = changes.has(key) ? changes.get(key) : states.get(`${type}||${id}`)?.get(key);
      return json === undefined ? undefined : (JSON.parse(json) as T);
    },
    async setState(key, value) {
      changes.set(key, JSON.stringify(value));
    },
    async removeState(key) {
      changes.set(key, undefined);
    },
    async remind(name, { dueMs, periodMs }) {
      called({ app, kind: 'reminder', target: `${type}/${id}/${name}` });
      const dueAtMs = nowMs() + Math.max(0, Math.ceil(dueMs));
      reminders.set(`${type}||${id}||${name}`, { type, id, name, dueAtMs, periodMs: Math.ceil(periodMs), failures: 0 });
    },
    async cancelReminder(name) {
      called({ app, kind: 'reminder', target: `${type}/${id}/${name}` });
      reminders.delete(`${type}||${id}||${name}`);
    },
  });

  const fire = async (reminder: Reminder) => {
    const key = `${reminder.type}||${reminder.id}||${reminder.name}`;
    const failed = await takeTurn(reminder.type, reminder.id, 'reminder', (definition, actor) =>
      definition.onReminder(actor),
    ).then(
      () => false,
      () => true,
    );
    // Cancelled or registered anew by its own turn: then it is not this one that goes on.
    if (reminders.get(key) !== reminder) return;
    if (failed && reminder.failures < retries.count) {
      reminder.failures += 1;
      reminder.dueAtMs = nowMs() + retries.afterMs;
    } else {
      reminder.failures = 0;
      reminder.dueAtMs = Math.max(reminder.dueAtMs, nowMs()) + reminder.periodMs;
    }
  };

  const fireable = () => [...reminders.values()].filter(({ type }) => hosts.has(type));

  return {
    host(app, definitions) {
      for (const definition of definitions) hosts.set(definition.type, { app, definition });
    },
    leave(app) {
      for (const [type, host] of hosts) if (host.app === app) hosts.delete(type);
    },
    async call(caller, type, id, method, argument) {
      called({ app: caller, kind: 'actor', target: `${type}/${id}/${method}` });
      const passed = argument === undefined ? undefined : JSON.parse(JSON.stringify(argument));
      try {
        await takeTurn(type, id, method, async (definition, actor) => {
          const work = definition.methods[method];
          if (!work) throw new Error(`${type} has no method ${method}`);
          await work(actor, passed);
        });
      } catch (cause) {
        throw new NoAnswer(`${type}/${id}`, cause instanceof Error ? cause.message : String(cause), cause);
      }
    },
    due: () =>
      fireable()
        .filter(({ dueAtMs }) => dueAtMs <= nowMs())
        .map((reminder) => () => fire(reminder)),
    nextDueAt() {
      const due = fireable().map(({ dueAtMs }) => dueAtMs);
      return due.length > 0 ? new Date(Math.min(...due)) : undefined;
    },
    get reminders() {
      return [...reminders.values()].map(({ type, id, name, dueAtMs }) => ({
        type,
        id,
        name,
        dueAt: new Date(dueAtMs),
      }));
    },
    stateOf(type, id) {
      const state = states.get(`${type}||${id}`);
      return state && Object.fromEntries([...state].map(([key, json]) => [key, JSON.parse(json)]));
    },
    loseReminders: () => reminders.clear(),
  };
}
