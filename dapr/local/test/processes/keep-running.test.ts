import {
  type Ending,
  type KeptProcess,
  keepRunning,
  restartPolicy,
  type Timer,
} from '../../src/processes/keep-running';

/** Time that stands still until it is moved. */
class ManualTimer implements Timer {
  private timeMs = 0;
  private waiting: { atMs: number; callback: () => void }[] = [];
  now = () => this.timeMs;
  after = (delayMs: number, callback: () => void) => {
    const entry = { atMs: this.timeMs + delayMs, callback };
    this.waiting.push(entry);
    return () => {
      this.waiting = this.waiting.filter((other) => other !== entry);
    };
  };
  advance(ms: number): void {
    this.timeMs += ms;
    const due = this.waiting.filter(({ atMs }) => atMs <= this.timeMs);
    this.waiting = this.waiting.filter((entry) => !due.includes(entry));
    for (const { callback } of due) callback();
  }
  get pending(): number[] {
    return this.waiting.map(({ atMs }) => atMs - this.timeMs);
  }
}

class FakeProcess implements KeptProcess {
  signals: NodeJS.Signals[] = [];
  end: (ending: Ending) => void = () => undefined;
  readonly ended = new Promise<Ending>((resolve) => {
    this.end = resolve;
  });
  constructor(readonly pid: number) {}
  signal(signal: NodeJS.Signals): void {
    this.signals.push(signal);
  }
}

const settled = () => new Promise((resolve) => setImmediate(resolve));

describe('a program that is kept running', () => {
  let timer: ManualTimer;
  let started: FakeProcess[];
  let delays: (number | undefined)[];
  const keep = () =>
    keepRunning({
      start() {
        const child = new FakeProcess(started.length + 1);
        started.push(child);
        return child;
      },
      onEnded: (_ending, delay) => delays.push(delay),
      timer,
    });
  const crash = async () => {
    started.at(-1)?.end({ code: 1, signal: null });
    await settled();
  };
  beforeEach(() => {
    timer = new ManualTimer();
    started = [];
    delays = [];
  });

  test('is started again after a pause that doubles', async () => {
    keep();
    for (const pauseMs of [250, 500, 1_000, 2_000]) {
      await crash();
      expect(timer.pending).toEqual([pauseMs]);
      timer.advance(pauseMs - 1);
      const before = started.length;
      timer.advance(1);
      expect(started.length).toBe(before + 1);
    }
  });

  test('is given up after five quick failures in a row', async () => {
    const kept = keep();
    for (let failure = 1; failure <= 5; failure += 1) {
      await crash();
      timer.advance(10_000_000 * Number(failure < 5));
    }
    expect(delays).toEqual([250, 500, 1_000, 2_000, undefined]);
    await expect(kept.outcome).resolves.toBe('failed');
    timer.advance(60_000);
    expect(started.length).toBe(5);
  });

  test('starts afresh after a run of more than ten seconds', async () => {
    keep();
    for (let round = 0; round < 4; round += 1) {
      await crash();
      timer.advance(delays.at(-1) ?? 0);
    }
    timer.advance(restartPolicy.steadyMs);
    await crash();
    timer.advance(delays.at(-1) ?? 0);
    await crash();
    expect(delays).toEqual([250, 500, 1_000, 2_000, 250, 250]);
  });

  test('never waits longer than eight seconds', async () => {
    const policy = { ...restartPolicy, quickFailures: 20 };
    keepRunning({
      start() {
        const child = new FakeProcess(1);
        started.push(child);
        return child;
      },
      onEnded: (_ending, delay) => delays.push(delay),
      timer,
      policy,
    });
    for (let round = 0; round < 9; round += 1) {
      await crash();
      timer.advance(delays.at(-1) ?? 0);
    }
    expect(delays.slice(4)).toEqual([4_000, 8_000, 8_000, 8_000, 8_000]);
  });

  test('is asked to end, and killed when it does not in time', async () => {
    const kept = keep();
    const stopped = kept.stop(10_000);
    expect(started[0]?.signals).toEqual(['SIGTERM']);
    timer.advance(9_999);
    expect(started[0]?.signals).toEqual(['SIGTERM']);
    timer.advance(1);
    expect(started[0]?.signals).toEqual(['SIGTERM', 'SIGKILL']);
    started[0]?.end({ code: null, signal: 'SIGKILL' });
    await stopped;
    await expect(kept.outcome).resolves.toBe('stopped');
    expect(timer.pending).toEqual([]);
    expect(started.length).toBe(1);
  });

  test('is not started again when it was stopped while waiting to be', async () => {
    const kept = keep();
    await crash();
    await kept.stop(1_000);
    timer.advance(60_000);
    expect(started.length).toBe(1);
    await expect(kept.outcome).resolves.toBe('stopped');
  });

  test('is started again at once when asked to, which never counts as a failure', async () => {
    const kept = keep();
    for (let round = 1; round <= 10; round += 1) {
      kept.restart(10_000);
      kept.restart(10_000);
      expect(started.at(-1)?.signals).toEqual(['SIGTERM']);
      started.at(-1)?.end({ code: 0, signal: null });
      await settled();
      expect(started.length).toBe(round + 1);
    }
    expect(delays).toEqual([]);
    expect(timer.pending).toEqual([]);
    await crash();
    expect(delays).toEqual([250]);
  });

  test('which waits for its next try is started at once when asked to, and only once', async () => {
    const kept = keep();
    await crash();
    kept.restart(10_000);
    expect(started.length).toBe(2);
    timer.advance(60_000);
    expect(started.length).toBe(2);
  });

  test('is not started again by a restart when it is being stopped', async () => {
    const kept = keep();
    const stopped = kept.stop(10_000);
    kept.restart(10_000);
    started[0]?.end({ code: 0, signal: null });
    await stopped;
    await settled();
    expect(started.length).toBe(1);
  });
});
