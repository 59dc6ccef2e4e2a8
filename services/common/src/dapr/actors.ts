// Actors run in the SDK's actor runtime; what an actor may do is narrowed to ActorContext, so that its code runs
// unchanged in the in-process Dapr of the tests.
import type { AbstractActor } from '@dapr/dapr';
import type { ErrorRequestHandler, Express } from 'express';
import { withTrace } from '../observability';
import { type ActorCaller, type ActorContext, type ActorDefinition, NoAnswer } from './dapr';
import type { Sidecar, SidecarAddress, SidecarAnswer } from './sidecar';

const turnTimeoutMs = 15_000;

/** Adds the routes by which daprd finds and calls the actors to `app`. Call it before the app's own 404. */
export async function mountActors(
  app: Express,
  definitions: readonly ActorDefinition[],
  sidecar: Sidecar,
  address: SidecarAddress,
): Promise<void> {
  const { AbstractActor, CommunicationProtocolEnum, DaprServer, LogLevel } = await import('@dapr/dapr');
  const server = new DaprServer({
    serverHttp: app,
    communicationProtocol: CommunicationProtocolEnum.HTTP,
    clientOptions: {
      logger: { level: LogLevel.Warn },
      daprHost: address.host,
      daprPort: String(address.httpPort),
      ...(address.apiToken ? { daprApiToken: address.apiToken } : {}),
      actor: {
        actorIdleTimeout: '1m',
        actorScanInterval: '30s',
        drainOngoingCallTimeout: '10s',
        drainRebalancedActors: true,
      },
    },
  });
  for (const definition of definitions) {
    await server.actor.registerActor(actorClass(AbstractActor, definition, sidecar));
  }
  await server.actor.init();
  app.use('/actors', goneAlready);
}

/**
 * A sidecar remembers the actors of an app that was restarted, and lets them go one by one when they idle. The SDK takes
 * that for an error; an actor that is not here is gone, which is what was asked.
 */
const goneAlready: ErrorRequestHandler = (error, req, res, next) => {
  const isRelease = req.method === 'DELETE' && error instanceof Error;
  if (isRelease && error.message.includes('ACTOR_NOT_ACTIVATED')) res.sendStatus(200);
  else next(error);
};

/** Calls an actor wherever it lives, through the sidecar, with a deadline. */
export const sidecarActors = (sidecar: Sidecar): ActorCaller => ({
  async call(type, id, method, argument) {
    const path = `/v1.0/actors/${type}/${id}/method/${method}`;
    const body = argument === undefined ? undefined : JSON.stringify(argument);
    const answer = await sidecar.request('PUT', path, body, { timeoutMs: turnTimeoutMs }).catch((cause: unknown) => {
      throw new NoAnswer(`${type}/${id}`, cause instanceof Error ? cause.message : String(cause), cause);
    });
    if (answer.status >= 300) throw new NoAnswer(`${type}/${id}`, `${answer.status} ${answer.text.slice(0, 200)}`);
  },
});

/**
 * An SDK actor class around a definition. Dapr calls an actor by its class's name, hence the assignment: a minifier
 * may rename a class, but not this string. State changes are collected and stored in one transaction at the end of
 * the turn, past the SDK's state manager: that one marks changes clean before it saves them, so that a failed save is
 * forgotten, and reads each key before it writes it.
 */
function actorClass(
  Actor: typeof AbstractActor,
  definition: ActorDefinition,
  sidecar: Sidecar,
): new (
  ...args: ConstructorParameters<typeof AbstractActor>
) => AbstractActor {
  class DefinedActor extends Actor {
    override async receiveReminder(): Promise<void> {
      await runTurn(sidecar, definition.type, this.getActorId().getId(), (actor) => definition.onReminder(actor));
    }
  }
  Object.defineProperty(DefinedActor, 'name', { value: definition.type });
  for (const [name, method] of Object.entries(definition.methods)) {
    Object.defineProperty(DefinedActor.prototype, name, {
      value(this: AbstractActor, argument: unknown) {
        return runTurn(sidecar, definition.type, this.getActorId().getId(), (actor) => method(actor, argument));
      },
    });
  }
  return DefinedActor;
}

/** The SDK answers daprd with the JSON of what a turn threw, which for an Error is `{}`: nobody would ever know why. */
class TurnFailed extends Error {
  toJSON(): { error: string } {
    return { error: this.message };
  }
}

interface StateChange {
  operation: 'upsert' | 'delete';
  request: { key: string; value?: unknown };
}

async function runTurn(
  sidecar: Sidecar,
  type: string,
  id: string,
  turn: (actor: ActorContext) => Promise<void>,
): Promise<void> {
  const path = `/v1.0/actors/${type}/${id}`;
  const changes = new Map<string, StateChange>();
  const actor: ActorContext = {
    id,
    async getState<T>(key: string) {
      const pending = changes.get(key);
      if (pending) return pending.request.value as T | undefined;
      const answer = expectOk(await sidecar.request('GET', `${path}/state/${key}`), 'state');
      return answer.text === '' ? undefined : (JSON.parse(answer.text) as T);
    },
    async setState(key, value) {
      changes.set(key, { operation: 'upsert', request: { key, value } });
    },
    async removeState(key) {
      changes.set(key, { operation: 'delete', request: { key } });
    },
    async remind(name, { dueMs, periodMs }) {
      const body = JSON.stringify({
        dueTime: `${Math.max(0, Math.ceil(dueMs))}ms`,
        period: `${Math.ceil(periodMs)}ms`,
      });
      expectOk(await sidecar.request('POST', `${path}/reminders/${name}`, body), 'reminder');
    },
    async cancelReminder(name) {
      expectOk(await sidecar.request('DELETE', `${path}/reminders/${name}`), 'reminder');
    },
  };
  try {
    await withTrace(undefined, () => turn(actor));
    if (changes.size > 0) {
      expectOk(await sidecar.request('POST', `${path}/state`, JSON.stringify([...changes.values()])), 'state');
    }
  } catch (cause) {
    throw new TurnFailed(`${type}/${id}: ${cause instanceof Error ? cause.message : String(cause)}`, { cause });
  }
}

function expectOk(answer: SidecarAnswer, what: string): SidecarAnswer {
  if (answer.status < 300) return answer;
  throw new Error(`actor ${what}: the sidecar answered ${answer.status} ${answer.text.slice(0, 200)}`);
}
