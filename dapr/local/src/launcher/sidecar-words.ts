import { join } from 'node:path';
import type { RunFile, RunFileApp } from '../render/run-file';

/** The words with which `dapr run -f` starts the sidecar of an app, in its order. */
export function sidecarWords({ common }: RunFile, app: RunFileApp): string[] {
  return [
    join(common.runtimePath, '.dapr', 'bin', 'daprd'),
    ...['--config', app.configFilePath ?? common.configFilePath, '--app-protocol', 'http'],
    ...['--dapr-listen-addresses', common.apiListenAddresses, '--log-level', common.logLevel],
    ...['--app-max-concurrency', '-1', '--placement-host-address', common.placementHostAddress],
    ...['--resources-path', common.resourcesPath, '--max-body-size', '4Mi', '--read-buffer-size', '4Ki'],
    ...(app.enableAppHealthCheck ? healthCheckWords(app) : []),
    ...['--scheduler-host-address', common.schedulerHostAddress, '--app-id', app.appID],
    ...['--app-port', String(app.appPort ?? -1), '--dapr-http-port', String(app.daprHTTPPort)],
    ...['--dapr-grpc-port', String(app.daprGRPCPort), '--profile-port', '-1'],
    ...['--metrics-port', String(app.metricsPort), '--dapr-internal-grpc-port', String(app.daprInternalGRPCPort)],
  ];
}

const healthCheckWords = (app: RunFileApp): string[] => [
  ...['--enable-app-health-check', '--app-health-check-path', String(app.appHealthCheckPath)],
  ...['--app-health-probe-interval', String(app.appHealthProbeInterval)],
  ...['--app-health-probe-timeout', String(app.appHealthProbeTimeout)],
  ...['--app-health-threshold', String(app.appHealthThreshold)],
];

/** What `dapr run -f` adds to the environment of an app. */
export const appEnvironment = ({ common }: RunFile, app: RunFileApp): Record<string, string> => ({
  APP_ID: app.appID,
  APP_PROTOCOL: 'http',
  ...(app.appPort === undefined ? {} : { APP_PORT: String(app.appPort) }),
  DAPR_HTTP_PORT: String(app.daprHTTPPort),
  DAPR_GRPC_PORT: String(app.daprGRPCPort),
  DAPR_METRICS_PORT: String(app.metricsPort),
  ...common.env,
  ...app.env,
});
