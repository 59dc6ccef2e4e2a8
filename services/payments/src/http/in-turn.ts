/** @param key work of the same key is done one after the other */
export type InTurn<Result> = (key: string, work: () => Promise<Result>) => Promise<Result>;

interface Turn<Result> {
  /** Resolves when it is over, however it ended. */
  over: Promise<unknown>;
  /** What those wait for together who came meanwhile. */
  next?: Promise<Result>;
}

/**
 * However many ask at once for the same, it is done for one of them, and then once more for all who came meanwhile: they
 * may know of something that happened after the first had begun, such as a card that was confirmed.
 */
export function inTurn<Result>(): InTurn<Result> {
  const turns = new Map<string, Turn<Result>>();
  const begin = (key: string, work: () => Promise<Result>): Promise<Result> => {
    const result = work();
    const turn: Turn<Result> = { over: Promise.allSettled([result]) };
    turns.set(key, turn);
    void turn.over.then(() => {
      if (!turn.next) turns.delete(key);
    });
    return result;
  };
  return (key, work) => {
    const turn = turns.get(key);
    if (!turn) return begin(key, work);
    turn.next ??= turn.over.then(() => begin(key, work));
    return turn.next;
  };
}
