// `make run`, top down: check, provision, start what is underneath, run `dapr run -f`, wait until all answer, and stop
// everything in order when asked to or when something fails for good.
import { topics } from '../apps';
import { namedPorts, type Ports, portsFrom } from '../ports';
import { checkPorts, portTaken } from '../processes/check-ports';
import { describeEnding } from '../processes/describe-ending';
import { sendSignal } from '../processes/end-group';
import { findTakenPort } from '../processes/find-taken-port';
import type { Ending } from '../processes/keep-running';
import { recordProcess, removeRecord, writeRecord } from '../processes/process-record';
import { layRuntimePath } from '../provision';
import { publicUrl, writeRunFolder } from '../render/write-run-folder';
import { reloadSignal } from '../runner/control-messages';
import { type DataFolder, makeDataFolder } from '../settings/data-folder';
import { makeSecrets, randomToken } from '../settings/make-secrets';
import { Problem } from '../settings/problem';
import type { Settings } from '../settings/read-settings';
import { redisEnvironment } from '../settings/redis-environment';
import { repositoryDir } from '../settings/repository';
import { backingPrograms, unusedPorts } from './backing-programs';
import { buildWeb } from './build-web';
import { checkGivenServers } from './check-given-servers';
import { claimDataFolder } from './claim-data-folder';
import { type ControlServer, startControlServer } from './control-server';
import { createStreams } from './create-streams';
import { endLeftoversOf } from './end-leftovers-of';
import { indented, lastLinesOf, tellingLinesOf, turnOverLogs } from './logs';
import { provisionTools, type Tools } from './provision-tools';
import { watchCompiled } from './reload-changed';
import { type Reviver, reviveWhatDies } from './revive';
import { backingAnswers, type StartedBacking, startBacking, waitForBacking } from './start-backing';
import { type Compiler, startCompiler } from './start-compiler';
import { type DaprRun, startDapr } from './start-dapr';
import { stopDapr } from './stop-stack';
import { tellRestarts } from './tell-restarts';
import { askApp, waitReady } from './wait-ready';

export interface Launch {
  settings: Settings;
  /** Whether what is saved is compiled and put to work at once. */
  reload: boolean;
  say(line: string): void;
  /** Aborted by Ctrl-C and SIGTERM. */
  stopRequest: AbortSignal;
  env: NodeJS.ProcessEnv;
}

const readyWithinMs = 180_000;
const revivedGraceMs = 7_000;
const sidecarGraceMs = 1_000;

/** Runs the marketplace until it is asked to stop. @throws Problem when it cannot start or something fails for good */
export async function launch(options: Launch): Promise<void> {
  const { settings, say } = options;
  const folder = makeDataFolder(settings.dataDir);
  const release = claimDataFolder(folder);
  try {
    const left = await endLeftoversOf(folder);
    if (left.length > 0) say(`Ended what an earlier run had left: ${left.join(', ')}.`);
    const ports = portsFrom(settings.portBase, settings.stripePort);
    makeSecrets(folder.secretsFile, settings);
    await checkPorts(namedPorts(ports, settings.publicPort, unusedPorts(settings)));
    await checkGivenServers(settings);
    turnOverLogs(folder.logs);
    const tools = await prepare(options);
    await runStack(options, { folder, ports, tools });
  } finally {
    release();
  }
}

/** Gets the tools and builds the web client at the same time; when one fails, the other is stopped. */
async function prepare({ settings, reload, say, stopRequest, env }: Launch): Promise<Tools> {
  const failed = new AbortController();
  const signal = AbortSignal.any([stopRequest, failed.signal]);
  const work = [provisionTools(settings, say, signal, env), reload ? undefined : buildWeb(say, signal)] as const;
  try {
    const [tools] = await Promise.all(work);
    return tools;
  } catch (error) {
    failed.abort(error);
    await Promise.allSettled(work);
    throw error;
  }
}

interface Prepared {
  folder: DataFolder;
  ports: Ports;
  tools: Tools;
}

/** What is running, for stopping it in order. */
interface Stack {
  control?: ControlServer;
  backing: StartedBacking[];
  dapr?: DaprRun;
  reviver?: Reviver;
  compiler?: Compiler;
  endWatch?: () => void;
}

async function runStack(options: Launch, prepared: Prepared): Promise<void> {
  const { stopRequest, say } = options;
  const failure = new AbortController();
  const halt = AbortSignal.any([stopRequest, failure.signal]);
  const fail: Fail = (message, said) => failure.abort(failureOf(options, prepared, said, `${message}\n${said}`));
  const stack: Stack = { backing: [] };
  try {
    await startStack(options, prepared, stack, halt, fail);
    await aborted(halt);
  } catch (error) {
    // Whatever was under way when it was asked to stop, or when something failed, ends with the signal's reason.
    if (!halt.aborted) failure.abort(error);
  } finally {
    say(stopRequest.aborted ? 'Stopping.' : 'Stopping what was started.');
    await stopStack(stack, prepared.folder);
  }
  if (!stopRequest.aborted) throw failure.signal.reason;
}

type Fail = (message: string, said: string) => void;

/** @param said by what failed: a port that another program took since it was looked at is all there is to tell */
function failureOf({ settings }: Launch, { ports }: Prepared, said: string, message: string): Problem {
  const taken = findTakenPort(said, namedPorts(ports, settings.publicPort));
  return taken ? portTaken(taken) : new Problem(message);
}

async function startStack(
  options: Launch,
  prepared: Prepared,
  stack: Stack,
  halt: AbortSignal,
  fail: Fail,
): Promise<void> {
  const { settings, reload, say, env } = options;
  const { folder, ports, tools } = prepared;
  const startedAt = performance.now();
  const record = () => recordStack(stack, prepared, settings);
  const failed = (name: string, ending: Ending, lines: string) =>
    fail(`${name} failed five times in a row; the last time it ${describeEnding(ending)}. It said:`, lines);
  const programs = backingPrograms(settings, folder, ports);
  const restarts = tellRestarts({
    say,
    halt,
    answers(name) {
      const program = programs.find((candidate) => candidate.name === name);
      return program ? () => backingAnswers(program) : askApp(name, { ports, publicUrl: publicUrl(settings) });
    },
  });
  const control = await startControlServer(folder.run, {
    onFailed: (app, ending, lastLines) => failed(app, ending, indented(lastLines)),
    onEnded: restarts.ended,
    onRunning: restarts.running,
    onGone(app) {
      const state = control.runners.get(app);
      if (!halt.aborted && state) stack.reviver?.runnerGone(app, state);
    },
  });
  stack.control = control;

  for (const program of programs) {
    stack.backing.push(
      startBacking(program, tools[program.tool], folder.logs, {
        onStarted(name) {
          record();
          restarts.running(name);
        },
        onRestarting: restarts.ended,
        onFailed: (name, ending) => failed(name, ending, tellingLinesOf(folder.logs, name)),
        onFault: (name, error) => say(`${name}: ${error.message}`),
      }),
    );
  }
  await Promise.all(stack.backing.map((started) => waitForBacking(started, halt)));
  if (settings.broker === 'nats') await createStreams(`127.0.0.1:${ports.backing.nats}`, [...topics]);
  say(`Up: ${stack.backing.map(({ program }) => program.name).join(', ')} (${seconds(startedAt)}).`);

  const redisUrl = settings.redisUrl ?? `redis://127.0.0.1:${ports.backing.redis}/0`;
  const mongoUrl = settings.mongoUrl ?? `mongodb://127.0.0.1:${ports.backing.mongo}`;
  const { path, runFile } = writeRunFolder({
    settings,
    folder,
    ports,
    mongoUrl,
    redisUrl,
    runtimePath: await layRuntimePath(tools.daprd),
    webFromSource: reload,
  });
  const daprApiToken = randomToken();
  const daprEnv = {
    ...env,
    ...redisEnvironment(redisUrl),
    NATS_URL: `nats://127.0.0.1:${ports.backing.nats}`,
    SMTP_HOST: '127.0.0.1',
    SMTP_PORT: String(ports.backing.smtp),
    SECRETS_FILE: folder.secretsFile,
    DATA_DIR: folder.root,
    CONTROL_SOCKET: control.path,
    APP_API_TOKEN: randomToken(),
    DAPR_API_TOKEN: daprApiToken,
  };
  const dapr = startDapr(tools.dapr, path, folder.logs, daprEnv);
  stack.dapr = dapr;
  if (dapr.leader) {
    stack.reviver = reviveWhatDies({
      dapr: dapr.leader,
      runFile,
      logs: folder.logs,
      runners: control.runners,
      env: daprEnv,
      say,
      onDied: restarts.died,
      onFailed: (name, ending) => failed(name, ending, tellingLinesOf(folder.logs, name.replace('.runner', ''))),
      onEnded: restarts.ended,
      onStarted(name) {
        record();
        restarts.running(name);
      },
    });
  }
  record();
  void dapr.ended.then(() => fail('dapr run ended. Its last lines:', lastLinesOf(folder.logs, 'dapr')));

  const url = publicUrl(settings);
  const late = await waitReady({
    ports,
    publicUrl: url,
    daprApiToken,
    onReady: (app) => say(`  ${app} answers (${seconds(startedAt)})`),
    signal: halt,
    timeoutMs: readyWithinMs,
  });
  if (late.length > 0) {
    const said = late.flatMap((app) => [app, `${app}.daprd`].map((name) => tellingLinesOf(folder.logs, name)));
    throw failureOf(
      options,
      prepared,
      said.join('\n'),
      `${late.join(', ')} did not become ready within ${readyWithinMs / 1_000} s: see make logs SERVICE=${late[0]} and make logs SERVICE=${late[0]}.daprd.`,
    );
  }
  if (reload) {
    stack.compiler = startCompiler(say, record);
    stack.endWatch = watchCompiled({
      repositoryDir,
      onChanged(app) {
        const state = control.runners.get(app);
        if (!state) return;
        restarts.changed(app);
        sendSignal(state.runnerPid, reloadSignal);
      },
    });
  }
  for (const line of readyLines(settings, folder, ports)) say(line);
}

const readyLines = (settings: Settings, folder: DataFolder, { backing }: Ports) => [
  `Ready: ${publicUrl(settings)}`,
  `  Mail inbox        http://localhost:${backing.inbox}`,
  ...(settings.stripe
    ? ['  Stripe            the real one, with the keys of your environment']
    : [
        `  Stripe simulator  http://localhost:${backing.stripe}`,
        '  Test cards        4242 4242 4242 4242 pays, 4000 0000 0000 0002 is declined,',
        '                    4000 0025 0000 3155 asks for 3-D Secure (any future date, any CVC)',
      ]),
  `  Logs              ${folder.logs} (make logs SERVICE=orders)`,
  '  Demo data         make seed',
  '  To stop           Ctrl-C, or make stop',
];

async function stopStack(stack: Stack, folder: DataFolder): Promise<void> {
  const { dapr, reviver, backing, control, compiler, endWatch } = stack;
  endWatch?.();
  await Promise.all([compiler?.stop(), reviver?.stopRunners(revivedGraceMs), dapr?.leader && stopDapr(dapr.leader)]);
  await reviver?.stopSidecars(sidecarGraceMs);
  await Promise.all(backing.map((started) => started.stop(4_000)));
  await control?.close();
  removeRecord(folder.recordFile);
}

function recordStack(
  { dapr, reviver, backing, compiler }: Stack,
  { folder, ports, tools }: Prepared,
  settings: Settings,
): void {
  const launcher = recordProcess('launcher', process.pid);
  if (!launcher) return;
  writeRecord(folder.recordFile, {
    launcher,
    publicUrl: publicUrl(settings),
    ports: Object.fromEntries([
      ...Object.entries(ports.apps).map(([app, own]) => [
        app,
        app === 'gateway' ? settings.publicPort : (own.app ?? 0),
      ]),
      ...Object.entries(ports.apps).map(([app, own]) => [`${app}.daprd`, own.daprHttp]),
      ...backing.map(({ program }) => [program.name, program.port]),
      ...(settings.stripe ? [] : [['stripe', ports.backing.stripe]]),
    ]),
    groups: [
      dapr?.leader,
      ...(reviver?.leaders() ?? []),
      compiler?.leader(),
      ...backing.map(({ leader }) => leader),
    ].filter((leader) => leader !== undefined),
    removals: tools.removals,
  });
}

const aborted = (signal: AbortSignal) =>
  new Promise<void>((resolve) => {
    if (signal.aborted) resolve();
    else signal.addEventListener('abort', () => resolve(), { once: true });
  });

const seconds = (since: number) => `${((performance.now() - since) / 1_000).toFixed(1)} s`;
