/**
 * Does `work` with each item, begun in their order, at most `width` at once. What is not begun when `stopping` is aborted
 * is left. An item that fails holds up no other.
 * @throws when all that was begun has ended: the error of `work`, or an AggregateError of several
 */
export async function inParallel<T>(
  items: readonly T[],
  { width, stopping }: { width: number; stopping?: AbortSignal | undefined },
  work: (item: T) => Promise<unknown>,
): Promise<void> {
  const left = items.values();
  const errors: unknown[] = [];
  const worker = async () => {
    for (const item of left) {
      if (stopping?.aborted) return;
      await work(item).catch((error) => errors.push(error));
    }
  };
  await Promise.all(Array.from({ length: Math.min(width, items.length) }, worker));
  if (errors.length > 1) throw new AggregateError(errors, `${errors.length} of ${items.length} failed`);
  if (errors.length === 1) throw errors[0];
}
