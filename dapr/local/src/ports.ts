// Every port of a local stack but the public one, in one table. All derive from PORT_BASE, so that stacks whose bases
// are 100 or more apart run side by side. Everything listens on 127.0.0.1.
import { type App, apps, type ServerApp, servers } from './apps';

export const defaultPortBase = 14_000;
/** Offsets stay below this, so two bases this far apart share no port. */
export const portSpan = 100;

export interface AppPorts {
  /** Where the app itself listens; the gateway listens on PORT, and `backing` serves nothing of its own. */
  app?: number;
  daprHttp: number;
  daprGrpc: number;
  daprInternal: number;
  daprMetrics: number;
}

const backingOffsets = {
  redis: 50,
  mongo: 51,
  nats: 52,
  natsMonitor: 53,
  smtp: 54,
  inbox: 55,
  stripe: 56,
  placement: 60,
  placementRaft: 61,
  placementHealth: 62,
  placementMetrics: 63,
  scheduler: 65,
  schedulerEtcdClient: 66,
  schedulerEtcdPeer: 67,
  schedulerHealth: 68,
  schedulerMetrics: 69,
} as const;

export type BackingPort = keyof typeof backingOffsets;

export interface Ports {
  apps: Record<App, AppPorts>;
  backing: Record<BackingPort, number>;
}

/** @param stripePort where the Stripe simulator listens, when STRIPE_PORT says so */
export function portsFrom(base: number, stripePort?: number): Ports {
  const backing = mapValues(backingOffsets, (offset) => base + offset);
  return {
    apps: Object.fromEntries(apps.map((app, index) => [app, appPorts(app, base + index + 1)])) as Record<App, AppPorts>,
    backing: stripePort === undefined ? backing : { ...backing, stripe: stripePort },
  };
}

export interface NamedPort {
  port: number;
  /** What it is for, in words that fit into "port 14050 (Redis)". */
  purpose: string;
  /** The variable that moves it. */
  variable: 'PORT' | 'PORT_BASE' | 'STRIPE_PORT';
}

const purposes: Record<BackingPort, string> = {
  redis: 'Redis',
  mongo: 'MongoDB',
  nats: 'NATS',
  natsMonitor: 'the NATS monitor',
  smtp: 'the mail catcher',
  inbox: 'the mail inbox page',
  stripe: 'the Stripe simulator',
  placement: 'Dapr placement',
  placementRaft: 'Dapr placement (raft)',
  placementHealth: 'Dapr placement (health)',
  placementMetrics: 'Dapr placement (metrics)',
  scheduler: 'the Dapr scheduler',
  schedulerEtcdClient: 'the Dapr scheduler (etcd clients)',
  schedulerEtcdPeer: 'the Dapr scheduler (etcd peers)',
  schedulerHealth: 'the Dapr scheduler (health)',
  schedulerMetrics: 'the Dapr scheduler (metrics)',
};

/** The ports a run will listen on, named for a person; `unused` are those of programs that this run does not start. */
export function namedPorts(ports: Ports, publicPort: number, unused: readonly BackingPort[] = []): NamedPort[] {
  return [
    { port: publicPort, purpose: 'the public address', variable: 'PORT' },
    ...apps.flatMap((app) => namedAppPorts(app, ports.apps[app])),
    ...(Object.keys(purposes) as BackingPort[])
      .filter((name) => !unused.includes(name))
      .map(
        (name): NamedPort => ({
          port: ports.backing[name],
          purpose: purposes[name],
          variable: name === 'stripe' ? 'STRIPE_PORT' : 'PORT_BASE',
        }),
      ),
  ];
}

function appPorts(app: App, first: number): AppPorts {
  return {
    ...(isServer(app) ? { app: first } : {}),
    daprHttp: first + 10,
    daprGrpc: first + 20,
    daprInternal: first + 30,
    daprMetrics: first + 40,
  };
}

function namedAppPorts(app: App, ports: AppPorts): NamedPort[] {
  const variable = 'PORT_BASE';
  return [
    ...(ports.app === undefined ? [] : [{ port: ports.app, purpose: app, variable } as const]),
    { port: ports.daprHttp, purpose: `the sidecar of ${app} (HTTP)`, variable },
    { port: ports.daprGrpc, purpose: `the sidecar of ${app} (gRPC)`, variable },
    { port: ports.daprInternal, purpose: `the sidecar of ${app} (internal gRPC)`, variable },
    { port: ports.daprMetrics, purpose: `the sidecar of ${app} (metrics)`, variable },
  ];
}

const isServer = (app: App): app is ServerApp => (servers as readonly string[]).includes(app);

const mapValues = <Key extends string, From, To>(record: Record<Key, From>, to: (value: From) => To) =>
  Object.fromEntries(Object.entries(record).map(([key, value]) => [key, to(value as From)])) as Record<Key, To>;
