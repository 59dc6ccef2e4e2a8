/**
 * Does `work` when nobody else's is being done, in the order of asking.
 * @throws Error, with `work` never begun, when too many wait already or its turn does not come in time: ask again later
 */
export type Turns = (work: () => Promise<void>) => Promise<void>;

export interface TurnLimits {
  /** Who waits longer gives up its place: the broker brings the event again. */
  waitMs: number;
  /** More are turned away at once. */
  waiting: number;
}

export function takeTurns(limits: TurnLimits): Turns {
  const waiting = new Set<() => void>();
  let taken = false;
  return async (work) => {
    if (taken) await turn(waiting, limits);
    taken = true;
    try {
      await work();
    } finally {
      // Handed on without being free between, so that nobody slips in.
      const [next] = waiting;
      if (next) next();
      else taken = false;
    }
  };
}

async function turn(waiting: Set<() => void>, limits: TurnLimits): Promise<void> {
  if (waiting.size >= limits.waiting) throw new Error(`${waiting.size} mails wait already`);
  await new Promise<void>((resolve, reject) => {
    const called = () => {
      clearTimeout(timer);
      waiting.delete(called);
      resolve();
    };
    const timer = setTimeout(() => {
      waiting.delete(called);
      reject(new Error(`the mails before this one take longer than ${limits.waitMs} ms`));
    }, limits.waitMs);
    waiting.add(called);
  });
}
