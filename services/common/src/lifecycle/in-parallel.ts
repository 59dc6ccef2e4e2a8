/**
 * Does `work` with each item, begun in their order, at most `width` at once. What is not begun when `stopping` is aborted
 * is left. An error takes one of the `width` out: one bad item holds up no other, an outage soon ends it all.
 * @throws the first error of `work`, when all that was begun has ended
 */
export async function inParallel<T>(
  items: readonly T[],
  { width, stopping }: { width: number; stopping?: AbortSignal | undefined },
  work: (item: T) => Promise<unknown>,
): Promise<void> {
  const left = items.values();
  const errors: unknown[] = [];
  const worker = async () => {
    try {
      for (const item of left) {
        if (stopping?.aborted) return;
        await work(item);
      }
    } catch (error) {
      errors.push(error);
    }
  };
  await Promise.all(Array.from({ length: Math.min(width, items.length) }, worker));
  if (errors.length > 0) throw errors[0];
}
