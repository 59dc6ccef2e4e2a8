import { inProcessDapr } from '../../src/testing';
import { type Stage, stageApp, stageSecrets } from './stage';
import { conformsToDapr } from './suite';

function inProcessStage(): Stage {
  const world = inProcessDapr({ secrets: stageSecrets });
  return {
    async start(plans) {
      for (const app of ['orders', 'tickets', 'expiration', 'notifications'] as const) {
        const plan = plans[app];
        await world.register(app, stageApp(app, plan, world.appToken), { actors: plan.actors ?? [] });
      }
    },
    of: (app) => world.of(app),
    urlOf: (app) => world.urlOf(app),
    async restart(app, meanwhile) {
      await world.stop(app);
      await meanwhile();
      await world.restart(app);
    },
    nowMs: () => world.clock.now().getTime(),
    async until(condition, what) {
      await world.settle();
      for (let passedMs = 0; !(await condition()); passedMs += 100) {
        if (passedMs > 60_000) throw new Error(`${what}: not within 60 s`);
        await world.advance(100);
      }
    },
    pass: (ms) => world.advance(ms),
    deadLetterIds: async (topic) =>
      world.deadLetters.filter((letter) => letter.topic === topic).map(({ event }) => event.id),
    putBackDeadLetters: async (topic) => world.replayDeadLetters(topic),
    mailSubjects: async () => world.sent.map(({ metadata }) => metadata?.subject ?? ''),
    close: () => world.close(),
  };
}

describe('the in-process Dapr', () => conformsToDapr(inProcessStage));
