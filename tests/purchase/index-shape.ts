import type { Schema } from 'mongoose';

export type IndexKeys = Record<string, 1 | -1>;

/** As a schema declares it; a partial one holds only the documents that fit its expression. */
export interface DeclaredIndex {
  keys: IndexKeys;
  partial?: Record<string, unknown> | undefined;
}

export const declaredIndexes = (schema: Schema): DeclaredIndex[] =>
  schema
    .indexes()
    .map(([keys, options]) => ({ keys: keys as IndexKeys, partial: options.partialFilterExpression ?? undefined }));

/**
 * The index that a query's shape is made for: its first fields are those that must be equal, then come those it is
 * sorted by, in that direction or wholly in the other. A search is a range (the beginnings of words), so there the
 * searched field must follow the equal ones, and what is found is sorted. A partial index serves only a query that asks,
 * with the same values, for no more than what is in it.
 */
export function servedBy(
  indexes: readonly DeclaredIndex[],
  filter: Record<string, unknown>,
  sort: Record<string, 1 | -1>,
  { searched }: { searched?: string } = {},
): DeclaredIndex | undefined {
  const equal = Object.entries(filter).flatMap(([field, value]) => (isEquality(field, value) ? [field] : []));
  const isSearch = searched !== undefined && JSON.stringify(Object.keys(filter)).includes('$and');
  return indexes.find(({ keys, partial = {} }) => {
    if (Object.entries(partial).some(([field, value]) => filter[field] !== value)) return false;
    const fields = Object.keys(keys);
    if (equal.length === 0 || !equal.every((field) => fields.slice(0, equal.length).includes(field))) return false;
    const rest = fields.slice(equal.length);
    return isSearch ? rest[0] === searched : sorts(rest, keys, sort);
  });
}

const isEquality = (field: string, value: unknown): boolean =>
  !field.startsWith('$') && (value === null || typeof value !== 'object');

function sorts(rest: readonly string[], keys: IndexKeys, sort: Record<string, 1 | -1>): boolean {
  const wanted = Object.entries(sort);
  const directions = wanted.map(([field, direction], n) => (rest[n] === field ? direction * (keys[field] ?? 0) : 0));
  return wanted.length > 0 && (directions.every((d) => d === 1) || directions.every((d) => d === -1));
}
