// Keeps one program running: starts it again with exponential back-off when it ends, and gives up when it ends quickly
// several times in a row. Used for the apps, by the runner, and for Redis and the like, by the launcher.

export interface KeptProcess {
  readonly pid: number;
  readonly ended: Promise<Ending>;
  signal(signal: NodeJS.Signals): void;
}

export interface Ending {
  code: number | null;
  signal: NodeJS.Signals | null;
}

export interface Timer {
  now(): number;
  /** Calls back after `delayMs`; the answer cancels. */
  after(delayMs: number, callback: () => void): () => void;
}

export const restartPolicy = {
  firstDelayMs: 250,
  longestDelayMs: 8_000,
  /** A run of this length is no quick failure, and starts the count and the delays afresh. */
  steadyMs: 10_000,
  quickFailures: 5,
};

export interface KeepRunning {
  start(): KeptProcess;
  onStarted?(process: KeptProcess, restarts: number): void;
  onEnded?(ending: Ending, restartInMs: number | undefined): void;
  timer?: Timer;
  policy?: typeof restartPolicy;
}

export interface Kept {
  /** `stopped` as asked, or `failed` after too many quick failures. */
  readonly outcome: Promise<'stopped' | 'failed'>;
  /** Asks the program to end (SIGTERM), kills it after `graceMs`, and starts it no more. */
  stop(graceMs: number): Promise<void>;
  /** Asks the program to end as `stop` does, and starts it again at once; that is no failure. */
  restart(graceMs: number): void;
  readonly pid: number | undefined;
}

export function keepRunning({
  start,
  onStarted,
  onEnded,
  timer = systemTimer,
  policy = restartPolicy,
}: KeepRunning): Kept {
  let current: KeptProcess | undefined;
  let cancelRestart: (() => void) | undefined;
  let stopping = false;
  let restarting = false;
  let quickFailures = 0;
  let restarts = 0;
  let settle: (outcome: 'stopped' | 'failed') => void = () => undefined;
  const outcome = new Promise<'stopped' | 'failed'>((resolve) => {
    settle = resolve;
  });

  const launch = () => {
    cancelRestart = undefined;
    const startedAt = timer.now();
    const child = start();
    current = child;
    onStarted?.(child, restarts);
    void child.ended.then((ending) => {
      current = undefined;
      if (stopping) return settle('stopped');
      if (restarting) {
        restarting = false;
        quickFailures = 0;
        restarts += 1;
        return launch();
      }
      quickFailures = timer.now() - startedAt >= policy.steadyMs ? 0 : quickFailures + 1;
      if (quickFailures >= policy.quickFailures) {
        onEnded?.(ending, undefined);
        return settle('failed');
      }
      const delayMs = Math.min(policy.firstDelayMs * 2 ** Math.max(0, quickFailures - 1), policy.longestDelayMs);
      onEnded?.(ending, delayMs);
      restarts += 1;
      cancelRestart = timer.after(delayMs, launch);
    });
  };

  const end = async (child: KeptProcess, graceMs: number) => {
    child.signal('SIGTERM');
    const cancelKill = timer.after(graceMs, () => child.signal('SIGKILL'));
    await child.ended;
    cancelKill();
  };

  launch();
  return {
    outcome,
    get pid() {
      return current?.pid;
    },
    async stop(graceMs) {
      stopping = true;
      cancelRestart?.();
      if (!current) return settle('stopped');
      await end(current, graceMs);
    },
    restart(graceMs) {
      if (stopping || restarting) return;
      if (current) {
        restarting = true;
        void end(current, graceMs);
      } else if (cancelRestart) {
        // It waits for its next try: what has changed may be the cure.
        cancelRestart();
        quickFailures = 0;
        launch();
      }
    },
  };
}

export const systemTimer: Timer = {
  now: () => performance.now(),
  after(delayMs, callback) {
    const handle = setTimeout(callback, delayMs);
    return () => clearTimeout(handle);
  },
};
