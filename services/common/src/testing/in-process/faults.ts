import type { CloudEvent, Topic } from '../../contracts';
import type { Invocation } from '../../dapr';
import type { SeededRandom } from '../seeded-random';

/** Before: the other side never hears of it. After: it has done the work, and the answer is lost. */
export type LostCall = 'loseRequest' | 'loseAnswer';

export interface DeliveryAttempt {
  app: string;
  event: CloudEvent;
  /** 1 for the first. */
  attempt: number;
}

export interface ActorTurn {
  type: string;
  id: string;
  /** The method's name, or `reminder`. */
  what: string;
}

/** What goes wrong, asked at each step; answering nothing lets the step be. Tests replace single entries. */
export interface Faults {
  publish?(topic: Topic, event: CloudEvent): LostCall | undefined;
  /**
   * `lose`: the event is gone for this app. `delay`: others overtake it. `repeat`: it comes once more.
   * `loseRequest`, `loseAnswer`: the connection broke, before or after the app has handled it; it is tried again.
   */
  deliver?(delivery: DeliveryAttempt): LostCall | 'lose' | 'delay' | 'repeat' | undefined;
  invoke?(from: string, invocation: Invocation): LostCall | undefined;
  /** `crash`: the turn's code ran, but its state was not stored. */
  turn?(turn: ActorTurn): LostCall | 'crash' | undefined;
  state?(store: string, operation: 'get' | 'set', key: string): LostCall | undefined;
  send?(binding: string, operation: string, data: unknown): LostCall | undefined;
}

export interface ChaosOdds {
  /** How likely each fault is at each step, 0 to 1. Below 0.5, or nothing would ever settle. */
  lost?: number;
  repeat?: number;
  delay?: number;
  crash?: number;
}

/** Faults drawn from a seed: nothing is lost for good, all else may happen. */
export function chaos(
  random: SeededRandom,
  { lost = 0.15, repeat = 0.15, delay = 0.2, crash = 0.1 }: ChaosOdds = {},
): Faults {
  const lostCall = (): LostCall | undefined => {
    const drawn = random.next();
    return drawn < lost / 2 ? 'loseRequest' : drawn < lost ? 'loseAnswer' : undefined;
  };
  return {
    publish: lostCall,
    invoke: lostCall,
    state: lostCall,
    deliver: ({ attempt }) => {
      if (random.next() < delay) return 'delay';
      if (random.next() < repeat) return 'repeat';
      return attempt > 4 ? undefined : lostCall();
    },
    turn: () => (random.next() < crash ? 'crash' : lostCall()),
  };
}
