// Where a story halts a step of the services, tells another part of itself meanwhile, and then lets the step go on.

export interface Halt {
  /** Resolves when somebody has come to the gate and waits. */
  arrived: Promise<void>;
  goOn(): void;
}

export interface Gate {
  /** The next one who comes waits. */
  haltNext(): Halt;
  pass(): Promise<void>;
}

export interface Stage {
  /** Before a hold is written. */
  hold: Gate;
  /** Between a seller's look at the ticket and the write. */
  edit: Gate;
  /** Between a granted hold and its order's insert. */
  insert: Gate;
}

export const emptyStage = (): Stage => ({ hold: gate(), edit: gate(), insert: gate() });

function gate(): Gate {
  const halts: { arrive: () => void; opened: Promise<void> }[] = [];
  return {
    haltNext() {
      let arrive: () => void = () => undefined;
      let goOn: () => void = () => undefined;
      const arrived = new Promise<void>((resolve) => {
        arrive = resolve;
      });
      const opened = new Promise<void>((resolve) => {
        goOn = resolve;
      });
      halts.push({ arrive, opened });
      return { arrived, goOn };
    },
    async pass() {
      const halt = halts.shift();
      halt?.arrive();
      await halt?.opened;
    },
  };
}
