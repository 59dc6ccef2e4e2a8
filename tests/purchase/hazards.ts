// What may befall a service between any two of its steps: its process dies before or after the step, or it is halted
// there while the rest of the world goes on. Each draw depends on the seed, the step and how often it was taken, and on
// nothing else, so that the same seed befalls the same steps.
import { currentTraceparent } from '@ticketing/common';

export class Crashed extends Error {}

export interface Hazards {
  /** Wraps the calls of a store. `isDead` tells whether the process that makes them was killed meanwhile. */
  around<Store extends object>(store: Store, isDead: () => boolean): Store;
  /** Requests under these traces may be halted; anything else that waits would hold up the world. */
  readonly haltable: Set<string>;
  /** How many are halted. */
  halted(): number;
  /** Lets one go on. `awaited`: its process lives and somebody waits for its answer. */
  goOn(which: number): { stepDone: Promise<void>; awaited: boolean };
  /** Resolves when the next one is halted. */
  nextHalt(): Promise<void>;
  /** From now on nothing happens. */
  end(): void;
}

export interface HazardOdds {
  crash: number;
  halt: number;
}

interface Halted {
  goOn: () => void;
  isDead: () => boolean;
  trace: string;
  stepDone: Promise<void>;
}

export function createHazards(seed: number, { crash, halt }: HazardOdds): Hazards {
  const taken = new Map<string, number>();
  const halted: Halted[] = [];
  const haltable = new Set<string>();
  let watchers: (() => void)[] = [];
  let over = false;

  const befall = async (point: string, isDead: () => boolean, stepDone: Promise<void>) => {
    if (over) return;
    const count = (taken.get(point) ?? 0) + 1;
    taken.set(point, count);
    const drawn = draw(`${seed}:${point}:${count}`);
    if (drawn < crash) throw new Crashed(point);
    const trace = currentTraceparent() ?? '';
    if (drawn > crash + halt || !haltable.has(trace)) return;
    await new Promise<void>((goOn) => {
      halted.push({ goOn, isDead, trace, stepDone });
      for (const tell of watchers.splice(0)) tell();
    });
  };

  return {
    haltable,
    around: (store, isDead) =>
      new Proxy(store, {
        get(target, name, receiver) {
          const method: unknown = Reflect.get(target, name, receiver);
          if (typeof method !== 'function') return method;
          return async (...args: unknown[]) => {
            let isDone: () => void = () => undefined;
            const stepDone = new Promise<void>((resolve) => {
              isDone = resolve;
            });
            const point = `${String(name)} ${subjectOf(args[0])}`;
            try {
              await befall(`before ${point}`, isDead, stepDone);
              const result: unknown = await method.apply(target, args);
              await befall(`after ${point}`, isDead, stepDone);
              return result;
            } finally {
              isDone();
            }
          };
        },
      }),
    halted: () => halted.length,
    goOn(which) {
      const [one] = halted.splice(which, 1);
      if (!one) throw new Error('nobody is halted');
      one.goOn();
      return { stepDone: one.stepDone, awaited: haltable.has(one.trace) && !one.isDead() };
    },
    nextHalt: () => new Promise((resolve) => watchers.push(resolve)),
    end() {
      over = true;
      watchers = [];
    },
  };
}

const subjectOf = (argument: unknown): string =>
  typeof argument === 'string' ? argument : String((argument as { _id?: unknown } | null)?._id ?? '');

/** 0 <= x < 1, from a text (FNV-1a, then mixed). */
function draw(text: string): number {
  let hash = 0x811c9dc5;
  for (const character of text) hash = Math.imul(hash ^ character.charCodeAt(0), 0x01000193);
  hash = Math.imul(hash ^ (hash >>> 16), 0x45d9f3b);
  hash = Math.imul(hash ^ (hash >>> 16), 0x45d9f3b);
  return ((hash ^ (hash >>> 16)) >>> 0) / 4294967296;
}
