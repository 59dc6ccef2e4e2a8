// Turns the committed dapr/dapr.yaml into this run's. `dapr run -f` expands no variables, so paths, ports and values of
// env are swapped here; nothing is added, removed or renamed.
import { join } from 'node:path';
import type { App } from '../apps';
import type { Ports } from '../ports';
import type { RunFile, RunFileApp } from './run-file';

export interface Rendering {
  repositoryDir: string;
  /** The Node that runs the apps. */
  node: string;
  resourcesPath: string;
  /** Where this run's copy of a configuration that the file names is. */
  configFilePath(committed: string): string;
  /** Daprd is at <runtimePath>/.dapr/bin/daprd. */
  runtimePath: string;
  appDir(app: App): string;
  ports: Ports;
  /** The web client from its sources, by `next dev`. */
  webFromSource?: boolean;
  /** Values by name, for every variable of the file that differs from run to run. */
  env: Record<string, string>;
}

export function renderRunFile(file: RunFile, rendering: Rendering): RunFile {
  const { resourcesPath, configFilePath, runtimePath, ports, env } = rendering;
  return {
    ...file,
    common: {
      ...file.common,
      resourcesPath,
      configFilePath: configFilePath(file.common.configFilePath),
      runtimePath,
      placementHostAddress: `127.0.0.1:${ports.backing.placement}`,
      schedulerHostAddress: `127.0.0.1:${ports.backing.scheduler}`,
      env: swapValues(file.common.env, env),
    },
    apps: file.apps.map((app) => renderApp(app, rendering)),
  };
}

function renderApp(app: RunFileApp, rendering: Rendering): RunFileApp {
  const { repositoryDir, node, appDir, configFilePath, ports, env } = rendering;
  const id = app.appID as App;
  const own = ports.apps[id];
  return {
    ...app,
    appDirPath: appDir(id),
    ...(app.appPort === undefined || own.app === undefined ? {} : { appPort: own.app }),
    daprHTTPPort: own.daprHttp,
    daprGRPCPort: own.daprGrpc,
    daprInternalGRPCPort: own.daprInternal,
    metricsPort: own.daprMetrics,
    ...(app.configFilePath === undefined ? {} : { configFilePath: configFilePath(app.configFilePath) }),
    command: commandOf(app, rendering).map((word) => absoluteWord(word, repositoryDir, node)),
    // The public port is the gateway's; whoever else reads PORT is told its own.
    env: swapValues(app.env, own.app === undefined ? env : { ...env, PORT: String(own.app) }),
  };
}

/** Under the same runner; Next's own program in place of the built server, and its WebSocket let through. */
function commandOf({ appID, command }: RunFileApp, { repositoryDir, ports, webFromSource }: Rendering): string[] {
  if (webFromSource && appID === 'gateway') return [...command, '--websockets'];
  if (appID !== 'web' || !webFromSource) return command;
  const next = [join(repositoryDir, 'node_modules/next/dist/bin/next'), 'dev', join(repositoryDir, 'web')];
  return [...command.slice(0, -1), ...next, '--port', String(ports.apps.web.app), '--hostname', '127.0.0.1'];
}

function absoluteWord(word: string, repositoryDir: string, node: string): string {
  if (word === 'node') return node;
  return word.endsWith('.js') ? join(repositoryDir, word) : word;
}

const swapValues = (env: Record<string, string>, values: Record<string, string>) =>
  Object.fromEntries(Object.entries(env).map(([name, value]) => [name, values[name] ?? value]));
