// A MongoDB collection in this process, for tests that play tens of thousands of stories: what the services' data layers
// use of one, and no more; anything else is refused. memory-collection.test.ts compares it with a real server.

export type Doc = Record<string, unknown> & { _id: string };
type Fields = Record<string, unknown>;

export class MemoryCollection {
  private readonly docs = new Map<string, Doc>();

  /** All documents, as they are stored. */
  all(): Doc[] {
    return copied([...this.docs.values()]);
  }

  /** Everything else is forgotten. */
  fill(docs: readonly Doc[]): void {
    this.docs.clear();
    for (const doc of docs) this.docs.set(doc._id, copied(doc));
  }

  async findOne(filter: Fields): Promise<Doc | null> {
    const found = this.first(filter);
    return found ? copied(found) : null;
  }

  find(filter: Fields) {
    let order: Record<string, 1 | -1> = {};
    let most = Number.POSITIVE_INFINITY;
    const toArray = async (): Promise<Doc[]> => {
      const found = [...this.docs.values()].filter((doc) => matches(doc, filter));
      return copied(found.sort(by(order)).slice(0, most));
    };
    const cursor = {
      sort(by: Record<string, 1 | -1>) {
        order = by;
        return cursor;
      },
      limit(count: number) {
        most = count;
        return cursor;
      },
      batchSize: (_count: number) => cursor,
      toArray,
      async *[Symbol.asyncIterator]() {
        yield* await toArray();
      },
      close: async () => undefined,
    };
    return cursor;
  }

  async countDocuments(filter: Fields): Promise<number> {
    return [...this.docs.values()].filter((doc) => matches(doc, filter)).length;
  }

  async insertOne(doc: Doc): Promise<void> {
    if (this.docs.has(doc._id)) throw Object.assign(new Error(`E11000 duplicate key ${doc._id}`), { code: 11000 });
    this.docs.set(doc._id, copied(doc));
  }

  async updateOne(filter: Fields, update: Fields): Promise<{ matchedCount: number; modifiedCount: number }> {
    const changed = this.change(this.first(filter), update);
    return { matchedCount: changed ? 1 : 0, modifiedCount: changed ? 1 : 0 };
  }

  async updateMany(filter: Fields, update: Fields): Promise<void> {
    for (const doc of [...this.docs.values()]) if (matches(doc, filter)) this.change(doc, update);
  }

  /** The document as it is afterwards, as `returnDocument: 'after'` asks for. */
  async findOneAndUpdate(filter: Fields, update: Fields): Promise<Doc | null> {
    const changed = this.change(this.first(filter), update);
    return changed ? copied(changed) : null;
  }

  private first(filter: Fields): Doc | undefined {
    const id = filter._id;
    const candidates = typeof id === 'string' ? [this.docs.get(id)] : this.docs.values();
    for (const doc of candidates) if (doc && matches(doc, filter)) return doc;
    return undefined;
  }

  private change(doc: Doc | undefined, update: Fields): Doc | undefined {
    if (!doc) return undefined;
    const next = updated(copied(doc), copied(update));
    this.docs.set(next._id, next);
    return next;
  }
}

function matches(doc: Fields, filter: Fields): boolean {
  return Object.entries(filter).every(([path, condition]) => {
    if (path === '$or') return (condition as Fields[]).some((one) => matches(doc, one));
    if (path.startsWith('$')) throw new Error(`this collection does not know ${path}`);
    return fits(valuesAt(doc, path.split('.')), condition);
  });
}

/** What stands at a path, in MongoDB's sense: an array is itself and each of its elements. */
function valuesAt(value: unknown, [part, ...rest]: string[]): unknown[] {
  if (part === undefined) return Array.isArray(value) ? [value, ...value] : [value];
  if (Array.isArray(value)) {
    if (/^\d+$/.test(part)) return Number(part) < value.length ? valuesAt(value[Number(part)], rest) : [];
    return value.flatMap((element) => valuesAt(element, [part, ...rest]));
  }
  if (typeof value !== 'object' || value === null || !(part in value)) return [];
  return valuesAt((value as Fields)[part], rest);
}

function fits(values: unknown[], condition: unknown): boolean {
  if (!isOperators(condition)) return equalsAny(values, condition);
  return Object.entries(condition).every(([operator, operand]) => {
    switch (operator) {
      case '$in':
        return (operand as unknown[]).some((one) => equalsAny(values, one));
      case '$ne':
        return !equalsAny(values, operand);
      case '$exists':
        return values.length > 0 === operand;
      case '$not':
        return !fits(values, operand);
      case '$lt':
        return values.some((value) => isComparable(value, operand) && comparable(value) < comparable(operand));
      case '$lte':
        return values.some((value) => isComparable(value, operand) && comparable(value) <= comparable(operand));
      case '$gt':
        return values.some((value) => isComparable(value, operand) && comparable(value) > comparable(operand));
      default:
        throw new Error(`this collection does not know ${operator}`);
    }
  });
}

const isOperators = (condition: unknown): condition is Fields =>
  typeof condition === 'object' &&
  condition !== null &&
  !(condition instanceof Date) &&
  Object.keys(condition).some((key) => key.startsWith('$'));

const equalsAny = (values: unknown[], wanted: unknown): boolean =>
  (wanted === null && values.length === 0) || values.some((value) => comparable(value) === comparable(wanted));

const comparable = (value: unknown): number | string => (value instanceof Date ? value.getTime() : value) as number;

/** MongoDB compares within a type only. */
const isComparable = (one: unknown, other: unknown): boolean => typeOf(one) === typeOf(other);

const typeOf = (value: unknown): string => (value === null ? 'null' : value instanceof Date ? 'date' : typeof value);

function updated(doc: Doc, update: Fields): Doc {
  const target: Fields = doc;
  for (const [operator, fields] of Object.entries(update)) {
    for (const [field, operand] of Object.entries(fields as Fields)) {
      if (field.includes('.')) throw new Error(`this collection does not change ${field}`);
      switch (operator) {
        case '$set':
          target[field] = operand;
          break;
        case '$unset':
          delete target[field];
          break;
        case '$inc':
          target[field] = Number(target[field] ?? 0) + Number(operand);
          break;
        case '$push':
          target[field] = [...((target[field] ?? []) as unknown[]), ...pushed(operand)];
          break;
        case '$pull':
          target[field] = ((target[field] ?? []) as Fields[]).filter((element) => !matches(element, operand as Fields));
          break;
        default:
          throw new Error(`this collection does not know ${operator}`);
      }
    }
  }
  return doc;
}

const pushed = (operand: unknown): unknown[] => (isOperators(operand) ? (operand.$each as unknown[]) : [operand]);

const by =
  (order: Record<string, 1 | -1>) =>
  (one: Doc, other: Doc): number => {
    for (const [field, direction] of Object.entries(order)) {
      const [a, b] = [firstAt(one, field), firstAt(other, field)];
      if (a !== b) return b !== undefined && (a === undefined || a < b) ? -direction : direction;
    }
    return 0;
  };

/** Undefined comes first, as in MongoDB. */
const firstAt = (doc: Doc, path: string): number | string | undefined => comparable(valuesAt(doc, path.split('.'))[0]);

/** Not structuredClone: in a test its dates are not those of the test's own realm. */
function copied<Value>(value: Value): Value {
  if (value instanceof Date) return new Date(value) as Value;
  if (Array.isArray(value)) return value.map(copied) as Value;
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([name, member]) => [name, copied(member)])) as Value;
}
