/** The part of Dapr's multi-app run file that this project uses (version 1). */
export interface RunFile {
  version: number;
  common: {
    resourcesPath: string;
    configFilePath: string;
    runtimePath: string;
    placementHostAddress: string;
    schedulerHostAddress: string;
    apiListenAddresses: string;
    logLevel: string;
    daprdLogDestination: string;
    appLogDestination: string;
    env: Record<string, string>;
  };
  apps: RunFileApp[];
}

export interface RunFileApp {
  appID: string;
  appDirPath: string;
  appPort?: number;
  daprHTTPPort: number;
  daprGRPCPort: number;
  daprInternalGRPCPort: number;
  metricsPort: number;
  /** Where it differs from the common one. */
  configFilePath?: string;
  enableAppHealthCheck?: boolean;
  appHealthCheckPath?: string;
  /** Seconds. */
  appHealthProbeInterval?: number;
  /** Milliseconds. */
  appHealthProbeTimeout?: number;
  appHealthThreshold?: number;
  command: string[];
  env: Record<string, string>;
}
