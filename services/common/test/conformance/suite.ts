// One suite for the in-process Dapr and for real sidecars: what services may rely on, whichever of them it is.
import { Router } from 'express';
import {
  type ActorDefinition,
  type CloudEvent,
  currentTraceparent,
  DropEvent,
  NoAnswer,
  newId,
  PublishFailed,
  requireCaller,
  type StateStore,
  traceIdOf,
  withTrace,
} from '../../src';
import { exampleEvent } from '../../src/testing';
import { type Stage, stageSecrets } from './stage';

export function conformsToDapr(openStage: () => Stage): void {
  const stage = openStage();
  const heard: { app: string; type: string; id: string; subject: string; trace: string | undefined }[] = [];
  const attempts = new Map<string, number>();
  /** By event id: what the handler of `expiration` does with it. */
  const behaviours = new Map<string, (attempt: number) => Promise<void>>();
  const fired: { id: string; atMs: number }[] = [];
  let invoked: { caller: string | undefined; trace: string | undefined } | undefined;

  const hears = (app: string) => async (event: CloudEvent) => {
    if (app === 'expiration') {
      const attempt = (attempts.get(event.id) ?? 0) + 1;
      attempts.set(event.id, attempt);
      await behaviours.get(event.id)?.(attempt);
    }
    heard.push({
      app,
      type: event.type,
      id: event.id,
      subject: event.subject,
      trace: traceIdOf(currentTraceparent()),
    });
  };
  const hearings = (app: string, id: string) => heard.filter((event) => event.app === app && event.id === id);
  const tries = (id: string) => attempts.get(id) ?? 0;

  const counter: ActorDefinition = {
    type: 'Counter',
    methods: {
      async add(actor, argument) {
        const { amount } = argument as { amount: number };
        const before = (await actor.getState<number>('count')) ?? 0;
        // Two turns of one actor at once would both read the same count.
        await new Promise((resolve) => setImmediate(resolve));
        await actor.setState('count', before + amount);
      },
      async addAndFail(actor) {
        await actor.setState('count', -1);
        throw new Error('this turn fails');
      },
      async clear(actor) {
        await actor.removeState('count');
      },
      async remind(actor, argument) {
        await actor.remind('tick', argument as { dueMs: number; periodMs: number });
      },
      async stopAfter(actor, argument) {
        await actor.setState('stopAfter', (argument as { firings: number }).firings);
      },
      async tell(actor) {
        counts.set(actor.id, await actor.getState<number>('count'));
      },
      async cancel(actor) {
        await actor.cancelReminder('tick');
      },
    },
    async onReminder(actor) {
      fired.push({ id: actor.id, atMs: stage.nowMs() });
      const firings = ((await actor.getState<number>('firings')) ?? 0) + 1;
      if (failing.delete(actor.id)) {
        await actor.setState('firings', 99);
        throw new Error('this firing fails');
      }
      await actor.setState('firings', firings);
      if (firings >= ((await actor.getState<number>('stopAfter')) ?? 1)) {
        await actor.cancelReminder('tick');
        await actor.removeState('firings');
      }
    },
  };
  const counts = new Map<string, number | undefined>();
  const failing = new Set<string>();
  const firings = (id: string) => fired.filter((firing) => firing.id === id).length;
  const countOf = async (id: string) => {
    await stage.of('expiration').actors.call('Counter', id, 'tell');
    return counts.get(id);
  };

  const internalRoutes = Router();
  internalRoutes.get('/things/:id', requireCaller('orders'), (req, res) => {
    invoked = { caller: req.get('dapr-caller-app-id'), trace: traceIdOf(currentTraceparent()) };
    res.json({ id: req.params.id });
  });
  internalRoutes.post('/things', (req, res) => {
    res.status(201).json({ made: req.body });
  });
  internalRoutes.put('/nothing', (_req, res) => {
    res.status(204).end();
  });
  internalRoutes.get('/taken', (_req, res) => {
    res.status(409).json({ reason: 'Taken' });
  });
  internalRoutes.get('/missing', (_req, res) => {
    res.status(404).json({ reason: 'Missing' });
  });
  internalRoutes.get('/broken', () => {
    throw new Error('broken on purpose');
  });
  internalRoutes.get('/slow', (req, res) => {
    const answer = setTimeout(() => res.json({}), 20_000);
    req.on('close', () => clearTimeout(answer));
    res.on('close', () => clearTimeout(answer));
  });

  beforeAll(async () => {
    await stage.start({
      orders: {},
      tickets: {
        internalRoutes,
        subscriptions: [{ topic: 'orders', handlers: { 'order.cancelled': hears('tickets') } }],
      },
      expiration: {
        actors: [counter],
        subscriptions: [
          {
            topic: 'orders',
            handlers: { 'order.created': hears('expiration'), 'order.cancelled': hears('expiration') },
            concurrency: 16,
          },
        ],
      },
      notifications: {},
    });
  }, 120_000);

  afterAll(async () => {
    await stage.close();
  }, 60_000);

  describe('publish and subscribe', () => {
    it('brings every event to each app that has a handler for its type, once', async () => {
      const created = Array.from({ length: 40 }, () => exampleEvent('OrderCreated', { id: newId() }));
      const cancelled = exampleEvent('OrderCancelled', { id: newId() });
      await stage.of('orders').events.publish('orders', [...created, cancelled]);
      await stage.until(
        () =>
          hearings('tickets', cancelled.id).length > 0 &&
          created.every(({ id }) => hearings('expiration', id).length > 0),
        'every event is heard',
      );
      expect(hearings('tickets', cancelled.id)).toHaveLength(1);
      expect(created.map(({ id }) => hearings('expiration', id).length)).toEqual(created.map(() => 1));
      expect(created.flatMap(({ id }) => hearings('tickets', id))).toEqual([]);
    });

    it('acknowledges types without a handler, which then are no dead letters', async () => {
      const completed = exampleEvent('OrderCompleted', { id: newId() });
      const after = exampleEvent('OrderCreated', { id: newId() });
      await stage.of('orders').events.publish('orders', [completed]);
      await stage.of('orders').events.publish('orders', [after]);
      await stage.until(() => hearings('expiration', after.id).length > 0, 'the next event is heard');
      expect(await stage.deadLetterIds('orders')).not.toContain(completed.id);
    });

    it('handles the events of one aggregate that come in one batch one after the other', async () => {
      const subject = newId();
      let atOnce = 0;
      let mostAtOnce = 0;
      const events = Array.from({ length: 30 }, (_, index) =>
        exampleEvent('OrderCreated', { id: subject, version: index + 1 }),
      );
      for (const { id } of events) {
        behaviours.set(id, async () => {
          atOnce += 1;
          mostAtOnce = Math.max(mostAtOnce, atOnce);
          await new Promise((resolve) => setImmediate(resolve));
          atOnce -= 1;
        });
      }
      await stage.of('orders').events.publish('orders', events);
      await stage.until(() => events.every(({ id }) => hearings('expiration', id).length > 0), 'every event is heard');
      expect(mostAtOnce).toBeLessThanOrEqual(2);
    });

    it('carries the trace of the change to the handler', async () => {
      const trace = 'a'.repeat(32);
      const event = exampleEvent('OrderCreated', { id: newId() }, { traceparent: `00-${trace}-${'b'.repeat(16)}-01` });
      await stage.of('orders').events.publish('orders', [event]);
      await stage.until(() => hearings('expiration', event.id).length > 0, 'the event is heard');
      expect(hearings('expiration', event.id)[0]?.trace).toBe(trace);
    });

    it('tries an event again whose handler threw, and only that one', async () => {
      const [fails, works] = [
        exampleEvent('OrderCreated', { id: newId() }),
        exampleEvent('OrderCreated', { id: newId() }),
      ];
      behaviours.set(fails.id, async (attempt) => {
        if (attempt < 3) throw new Error('not yet');
      });
      await stage.of('orders').events.publish('orders', [fails, works]);
      await stage.until(
        () => [fails, works].every(({ id }) => hearings('expiration', id).length > 0),
        'both are heard at last',
      );
      expect([tries(fails.id), tries(works.id)]).toEqual([3, 1]);
      expect(await stage.deadLetterIds('orders')).not.toContain(fails.id);
    });

    it('puts an event that always fails into the dead letters, after seven tries', async () => {
      const event = exampleEvent('OrderCreated', { id: newId() });
      behaviours.set(event.id, async () => {
        throw new Error('never');
      });
      await stage.of('orders').events.publish('orders', [event]);
      await stage.until(async () => (await stage.deadLetterIds('orders')).includes(event.id), 'it is a dead letter');
      expect(tries(event.id)).toBe(7);
    }, 60_000);

    it('puts a dropped event into the dead letters, and asks its handler no second time', async () => {
      const event = exampleEvent('OrderCreated', { id: newId() });
      behaviours.set(event.id, async () => {
        throw new DropEvent('no retry mends this');
      });
      await stage.of('orders').events.publish('orders', [event]);
      await stage.until(async () => (await stage.deadLetterIds('orders')).includes(event.id), 'it is a dead letter');
      expect(tries(event.id)).toBe(1);
    }, 60_000);

    it('puts dropped events of a batch into the dead letters, whatever is beside them, and no others', async () => {
      const [dropped, alsoDropped] = [1, 2].map(() => exampleEvent('OrderCancelled', { id: newId() }));
      const good = Array.from({ length: 3 }, () => exampleEvent('OrderCreated', { id: newId() }));
      const unread = exampleEvent('OrderCompleted', { id: newId() });
      for (const event of [dropped, alsoDropped]) {
        behaviours.set(event?.id ?? '', async () => {
          throw new DropEvent('no retry mends this');
        });
      }
      // Behind the others, and routed apart from them.
      const batch = [unread, ...good, dropped, alsoDropped].filter((event) => event !== undefined);
      await stage.of('orders').events.publish('orders', batch);
      const dead = async () => {
        const ids = await stage.deadLetterIds('orders');
        return batch.map(({ id }) => id).filter((id) => ids.includes(id));
      };
      await stage.until(async () => (await dead()).length >= 2, 'both are dead letters');
      expect(await dead()).toEqual([dropped?.id, alsoDropped?.id]);
      // Another app may have given the two up before this one comes to the rest.
      const heard = () => good.map(({ id }) => hearings('expiration', id).length);
      await stage.until(() => heard().every((times) => times > 0), 'the others are heard');
      expect(heard()).toEqual([1, 1, 1]);
    }, 60_000);

    it('brings dead letters that are put back to every app again, each once, and they are dead no more', async () => {
      behaviours.clear();
      await stage.putBackDeadLetters('orders');
      const subject = newId();
      const events = [1, 2].map((version) => exampleEvent('OrderCancelled', { id: subject, version }));
      for (const { id } of events) {
        behaviours.set(id, async () => {
          throw new DropEvent('not before it is mended');
        });
      }
      await stage.of('orders').events.publish('orders', events);
      const dead = async () =>
        (await stage.deadLetterIds('orders')).filter((id) => events.some((event) => event.id === id));
      await stage.until(async () => (await dead()).length === 2, 'both are dead letters');
      await stage.until(() => events.every(({ id }) => hearings('tickets', id).length === 1), 'tickets has taken them');

      for (const { id } of events) behaviours.delete(id);
      expect(await stage.putBackDeadLetters('orders')).toBe(2);
      await stage.until(
        () => events.every(({ id }) => hearings('tickets', id).length > 1 && hearings('expiration', id).length > 0),
        'both apps hear them',
      );
      expect(await dead()).toEqual([]);
      expect(events.map(({ id }) => [hearings('expiration', id).length, hearings('tickets', id).length])).toEqual([
        [1, 2],
        [1, 2],
      ]);
    }, 60_000);

    it('lets only the owner of a topic publish to it', async () => {
      const event = exampleEvent('OrderCreated', { id: newId() });
      const refused = stage.of('tickets').events.publish('orders', [event]);
      await expect(refused).rejects.toBeInstanceOf(PublishFailed);
      await expect(refused).rejects.toMatchObject({ failedIds: [event.id] });
    });

    it('delivers what was published while the app was away', async () => {
      const event = exampleEvent('OrderCancelled', { id: newId() });
      await stage.restart('tickets', () => stage.of('orders').events.publish('orders', [event]));
      await stage.until(() => hearings('tickets', event.id).length > 0, 'the event is heard after the restart');
    }, 60_000);
  });

  describe('service invocation', () => {
    const ask = (path: string, timeoutMs?: number) =>
      stage.of('orders').invoker.invoke({
        app: 'tickets',
        method: 'GET',
        path: `internal/${path}`,
        ...(timeoutMs ? { timeoutMs } : {}),
      });

    it('returns the answer, and tells the other side who asks, under the same trace', async () => {
      const trace = 'c'.repeat(32);
      const answer = await withTrace(`00-${trace}-${'d'.repeat(16)}-01`, () => ask('things/7'));
      expect(answer).toEqual({ status: 200, body: { id: '7' } });
      expect(invoked).toEqual({ caller: 'orders', trace });
    });

    it('brings a body over', async () => {
      const { invoker } = stage.of('orders');
      const answer = await invoker.invoke({
        app: 'tickets',
        method: 'POST',
        path: 'internal/things',
        body: { a: ['ü'] },
      });
      expect(answer).toEqual({ status: 201, body: { made: { a: ['ü'] } } });
    });

    it('returns an answer without a body', async () => {
      const { invoker } = stage.of('orders');
      const answer = await invoker.invoke({ app: 'tickets', method: 'PUT', path: 'internal/nothing', body: {} });
      expect(answer).toEqual({ status: 204, body: undefined });
    });

    it('returns refusals as answers', async () => {
      expect(await ask('taken')).toEqual({ status: 409, body: { reason: 'Taken' } });
      expect(await ask('missing')).toEqual({ status: 404, body: { reason: 'Missing' } });
      expect(
        (await stage.of('notifications').invoker.invoke({ app: 'tickets', method: 'GET', path: 'internal/things/7' }))
          .status,
      ).toBe(403);
    });

    it('knows no answer when the other side fails, is slow, or is not there', async () => {
      await expect(ask('broken')).rejects.toBeInstanceOf(NoAnswer);
      await expect(ask('slow', 300)).rejects.toBeInstanceOf(NoAnswer);
      const nobody = stage.of('orders').invoker.invoke({ app: 'nobody', method: 'GET', path: 'internal/things/7' });
      await expect(nobody).rejects.toBeInstanceOf(NoAnswer);
    }, 30_000);

    it('is refused by the app when it does not come from a sidecar', async () => {
      const past = (headers: Record<string, string>) =>
        fetch(`${stage.urlOf('tickets')}/internal/things/7`, {
          headers: { 'dapr-caller-app-id': 'orders', ...headers },
        });
      expect((await past({})).status).toBe(403);
      expect((await past({ 'dapr-api-token': 'guessed' })).status).toBe(403);
      const forged = await fetch(`${stage.urlOf('expiration')}/events/orders/order-created`, {
        method: 'POST',
        body: '{"entries":[]}',
      });
      expect(forged.status).toBe(403);
    });
  });

  describe('state', () => {
    const store = () => stage.of('orders').state('sessions');
    const valueIn = async (state: StateStore, key: string) => (await state.getMany([key])).get(key);

    it('keeps values until they are set anew', async () => {
      const key = `key/with ?odd&characters/${newId()}`;
      expect(await valueIn(store(), key)).toBeUndefined();
      await store().set(key, { answer: [1, 'ü', null] });
      expect(await valueIn(store(), key)).toEqual({ answer: [1, 'ü', null] });
      await store().set(key, false);
      expect(await valueIn(store(), key)).toBe(false);
    });

    it('reads many at once, and leaves out what is not there', async () => {
      const [one, two, missing] = [newId(), newId(), newId()];
      await store().set(one, 1);
      await store().set(two, { two: 2 });
      expect(await store().getMany([one, missing, two])).toEqual(
        new Map<string, unknown>([
          [one, 1],
          [two, { two: 2 }],
        ]),
      );
    });

    it('forgets values when their time is up', async () => {
      const key = newId();
      await store().set(key, 'soon gone', { ttlSeconds: 1 });
      expect(await valueIn(store(), key)).toBe('soon gone');
      await stage.pass(1_200);
      expect(await valueIn(store(), key)).toBeUndefined();
    });

    it('shares a store that says so between the apps in its scope, and keeps others out', async () => {
      const key = newId();
      await stage.of('orders').state('sessions').set(key, 1);
      expect(await valueIn(stage.of('tickets').state('sessions'), key)).toBe(1);
      await expect(valueIn(stage.of('notifications').state('sessions'), key)).rejects.toThrow();
      await expect(valueIn(stage.of('tickets').state('statestore'), key)).rejects.toThrow();
    });
  });

  describe('secrets and bindings', () => {
    it('gives secrets to the apps in scope', async () => {
      expect(await stage.of('orders').secrets.get('jwt-secret')).toEqual(stageSecrets['jwt-secret']);
      await expect(stage.of('orders').secrets.get('no-such-secret')).rejects.toThrow();
      await expect(stage.of('notifications').secrets.get('jwt-secret')).rejects.toThrow();
    });

    it('sends through an output binding of an app in scope', async () => {
      const subject = `Your ticket ${newId()}`;
      const metadata = { emailTo: 'ada@example.com', subject };
      await stage.of('notifications').binding('mail').send('create', '<p>Grüße</p>', metadata);
      await stage.until(async () => (await stage.mailSubjects()).includes(subject), 'the mail is there');
      await expect(stage.of('orders').binding('mail').send('create', 'x', metadata)).rejects.toThrow();
    });
  });

  describe('actors', () => {
    const call = (id: string, method: string, argument?: object) =>
      stage.of('expiration').actors.call('Counter', id, method, argument);

    it('keep state, one turn at a time', async () => {
      const id = newId();
      expect(await countOf(id)).toBeUndefined();
      await Promise.all(Array.from({ length: 10 }, () => call(id, 'add', { amount: 2 })));
      expect(await countOf(id)).toBe(20);
      await call(id, 'clear');
      expect(await countOf(id)).toBeUndefined();
    });

    it('store nothing of a turn that fails, and the caller hears of it', async () => {
      const id = newId();
      await call(id, 'add', { amount: 5 });
      const failed = call(id, 'addAndFail');
      await expect(failed).rejects.toBeInstanceOf(NoAnswer);
      await expect(failed).rejects.toThrow('this turn fails');
      expect(await countOf(id)).toBe(5);
    });

    it('give no answer when there is no such actor type or method', async () => {
      await expect(stage.of('expiration').actors.call('Nobody', 'x', 'add')).rejects.toBeInstanceOf(NoAnswer);
      await expect(call(newId(), 'fly')).rejects.toBeInstanceOf(NoAnswer);
    }, 60_000);

    it('are reminded when it is due, not earlier, and again until they cancel', async () => {
      const id = newId();
      await call(id, 'stopAfter', { firings: 3 });
      const registeredAtMs = stage.nowMs();
      await call(id, 'remind', { dueMs: 700, periodMs: 500 });
      await stage.until(() => firings(id) >= 3, 'it has fired three times');
      await stage.pass(1_500);
      const times = fired.filter((firing) => firing.id === id).map(({ atMs }) => atMs - registeredAtMs);
      expect(times).toHaveLength(3);
      for (const [index, time] of times.entries()) expect(time).toBeGreaterThanOrEqual(700 + index * 500);
    });

    it('are reminded at once of what is due already', async () => {
      const id = newId();
      await call(id, 'remind', { dueMs: 0, periodMs: 60_000 });
      await stage.until(() => firings(id) === 1, 'it has fired');
    });

    it('are not reminded of what was cancelled, and cancelling twice is no fault', async () => {
      const id = newId();
      // Not before it is cancelled, on a busy machine either.
      await call(id, 'remind', { dueMs: 2_000, periodMs: 500 });
      await call(id, 'cancel');
      await call(id, 'cancel');
      await stage.pass(2_500);
      expect(firings(id)).toBe(0);
    });

    it('are reminded at the new time when a reminder is registered again', async () => {
      const id = newId();
      await call(id, 'remind', { dueMs: 3_000, periodMs: 60_000 });
      const askedAtMs = stage.nowMs();
      await call(id, 'remind', { dueMs: 4_500, periodMs: 60_000 });
      await stage.until(() => firings(id) === 1, 'it has fired');
      expect(fired.find((firing) => firing.id === id)?.atMs).toBeGreaterThanOrEqual(askedAtMs + 4_400);
    });

    it('are reminded again when a firing failed, with the state of before', async () => {
      const id = newId();
      failing.add(id);
      await call(id, 'stopAfter', { firings: 2 });
      await call(id, 'remind', { dueMs: 200, periodMs: 500 });
      await stage.until(() => firings(id) === 3, 'it has failed once and fired twice');
    });

    it('keep state and reminders over a restart of their app', async () => {
      const id = newId();
      await call(id, 'add', { amount: 3 });
      await stage.restart('expiration', () => stage.pass(500));
      await stage.until(() => countOf(id).then((count) => count === 3), 'the count is there again');
      const reminded = newId();
      await call(reminded, 'remind', { dueMs: 1_500, periodMs: 1_000 });
      await stage.restart('expiration', () => stage.pass(2_000));
      await stage.until(() => firings(reminded) >= 1, 'it has fired after the restart');
    }, 120_000);
  });
}
