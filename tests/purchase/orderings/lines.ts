// Every line at which a service touches the world outside its process: a read or write of its records, a request to
// Stripe, an invocation of another service, a publication. Between two of them nothing that anybody else could see
// happens, so whatever may befall a service befalls it before one of its lines.

export type App = 'payments' | 'orders' | 'tickets';

export interface Line {
  app: App;
  kind: 'read' | 'write' | 'stripe' | 'invoke' | 'publish';
  what: string;
}

/** - `crash`: the process dies before the line
 *  - `lose request`: whoever is asked never hears of it
 *  - `lose answer`: the work is done, and the one who asked is not told */
export type Fate = 'go' | 'crash' | 'lose request' | 'lose answer';

export class Crashed extends Error {}

/** Does the line's work, unless something befalls it. */
export type Take = <T>(line: Omit<Line, 'app'>, work: () => Promise<T>, lost?: (line: Line) => Error) => Promise<T>;

const reads = new Set<unknown>(['findOne', 'countDocuments']);
const writes = new Set<unknown>(['insertOne', 'updateOne', 'updateMany', 'findOneAndUpdate']);

/** A collection of which every operation is a line. */
export const linesOfCollection = <Collection extends object>(
  name: string,
  collection: Collection,
  take: Take,
): Collection =>
  new Proxy(collection, {
    get(target, property) {
      const member: unknown = Reflect.get(target, property, target);
      if (typeof member !== 'function') return member;
      const call = member.bind(target) as (...args: unknown[]) => unknown;
      const what = `${name}.${String(property)}`;
      if (property === 'find') return (...args: unknown[]) => linesOfCursor(what, call(...args) as Cursor, take);
      const kind = reads.has(property) ? 'read' : writes.has(property) ? 'write' : undefined;
      if (!kind) return call;
      return (...args: unknown[]) => take({ kind, what }, async () => call(...args));
    },
  });

interface Cursor {
  sort(by: unknown): Cursor;
  limit(count: number): Cursor;
  batchSize(count: number): Cursor;
  toArray(): Promise<unknown[]>;
  close(): Promise<void>;
}

/** One line, when what it found is asked for. */
function linesOfCursor(what: string, cursor: Cursor, take: Take): Cursor {
  const toArray = () => take({ kind: 'read', what }, () => cursor.toArray());
  const lines = {
    sort: (order: unknown) => and(cursor.sort(order)),
    limit: (count: number) => and(cursor.limit(count)),
    batchSize: (count: number) => and(cursor.batchSize(count)),
    toArray,
    async *[Symbol.asyncIterator]() {
      yield* await toArray();
    },
    close: () => cursor.close(),
  };
  const and = (_same: Cursor): Cursor => lines;
  return lines;
}

/** The outbox's relay, which works for all that its process has to tell: while it is halted, nothing is told. */
export const isOfRelay = ({ kind, what }: Line): boolean => kind === 'publish' || what.endsWith('.updateMany');

export const describeLine = ({ app, kind, what }: Line): string => `${app}: ${kind} ${what}`;
