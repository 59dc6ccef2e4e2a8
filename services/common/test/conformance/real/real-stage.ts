import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import express from 'express';
import { SMTPServer } from 'smtp-server';
import { type ConnectedDapr, connectDapr, mountActors, waitForSidecar } from '../../../src';
import { waitUntil } from '../../../src/testing';
import { type AppId, type AppPlan, appToken, type Stage, stageApp } from '../stage';
import { deadEventsOf, putBackDeadLetters } from './dead-letters';
import { type BrokerName, type SidecarPorts, type Sidecars, startDaprControl } from './sidecars';

interface RunningApp {
  plan: AppPlan;
  ports: SidecarPorts;
  dapr: ConnectedDapr;
  server: Server;
}

/** Real sidecars. A file of tests has one: the SDK keeps its actors in a singleton, with the first sidecar they had. */
export function realStage(broker: BrokerName): Stage {
  const apps = new Map<AppId, RunningApp>();
  const mails: string[] = [];
  const smtp = new SMTPServer({
    authOptional: true,
    disabledCommands: ['STARTTLS'],
    onData(stream, _session, done) {
      const chunks: Buffer[] = [];
      stream.on('data', (chunk: Buffer) => chunks.push(chunk));
      stream.on('end', () => {
        mails.push(Buffer.concat(chunks).toString());
        done();
      });
    },
  });
  let sidecars: Sidecars;

  const running = (app: AppId): RunningApp => {
    const found = apps.get(app);
    if (!found) throw new Error(`${app} was not started`);
    return found;
  };

  const serve = async (app: AppId, plan: AppPlan, ports: SidecarPorts, dapr: ConnectedDapr): Promise<Server> => {
    const actors = plan.actors ? express() : undefined;
    if (actors) await mountActors(actors, plan.actors ?? [], dapr.sidecar, dapr.address);
    const server = createServer(
      stageApp(app, plan, appToken, { actors, eventBatchWaitMs: broker === 'nats' ? 2 : 100 }),
    );
    await new Promise<void>((resolve) => server.listen(ports.app, '127.0.0.1', resolve));
    return server;
  };

  return {
    async start(plans) {
      sidecars = await startDaprControl(broker);
      await new Promise<void>((resolve) => smtp.listen(0, '127.0.0.1', resolve));
      const names = Object.keys(plans) as AppId[];
      const smtpPort = (smtp.server.address() as AddressInfo).port;
      for (const [app, ports] of await sidecars.start(names, smtpPort)) {
        const dapr = await connectDapr({ host: '127.0.0.1', httpPort: ports.daprHttp, apiToken: appToken });
        const plan = plans[app as AppId];
        const server = await serve(app as AppId, plan, ports, dapr);
        apps.set(app as AppId, { plan, ports, dapr, server });
      }
      for (const { dapr } of apps.values()) {
        await waitForSidecar(dapr.sidecar, 30_000).catch((cause: unknown) => {
          throw new Error(`a sidecar is missing. ${sidecars.lastWords()}`, { cause });
        });
        await waitUntil(async () => (await dapr.sidecar.request('GET', '/v1.0/healthz')).status === 204, {
          timeoutMs: 60_000,
          what: 'a healthy sidecar',
        });
      }
    },
    of: (app) => running(app).dapr,
    urlOf: (app) => `http://127.0.0.1:${running(app).ports.app}`,
    async restart(app, meanwhile) {
      const { plan, ports, dapr, server } = running(app);
      const closed = new Promise((resolve) => server.close(resolve));
      server.closeAllConnections();
      await closed;
      await meanwhile();
      apps.set(app, { plan, ports, dapr, server: await serve(app, plan, ports, dapr) });
    },
    nowMs: () => Date.now(),
    until: async (condition, what) => {
      await waitUntil(condition, { timeoutMs: 50_000, what });
    },
    async pass(ms) {
      const until = Date.now() + ms;
      await waitUntil(() => Date.now() >= until, { timeoutMs: ms + 1_000, what: 'time' });
    },
    deadLetterIds: async (topic) => (await deadEventsOf(sidecars, topic)).map(({ id }) => id),
    putBackDeadLetters: (topic) => putBackDeadLetters(sidecars, topic),
    mailSubjects: async () => mails.map((mail) => /^Subject: (.*)$/m.exec(mail)?.[1]?.trim() ?? ''),
    async close() {
      for (const { dapr, server } of apps.values()) {
        server.closeAllConnections();
        server.close();
        await dapr.close();
      }
      await new Promise<void>((resolve) => smtp.close(() => resolve()));
      await sidecars.stop();
    },
  };
}
