/**
 * Asks until `condition` yields something truthy, and returns it; a condition that throws is asked again.
 * @throws after `timeoutMs`, with what the condition threw last
 */
export async function waitUntil<T>(
  condition: () => T | Promise<T>,
  { timeoutMs = 20_000, everyMs = 20, what = 'the condition' } = {},
): Promise<NonNullable<T>> {
  const deadline = Date.now() + timeoutMs;
  for (;;) {
    const outcome = await ask(condition);
    if (outcome.value) return outcome.value;
    if (Date.now() >= deadline) {
      throw new Error(`${what} did not come true within ${timeoutMs} ms`, { cause: outcome.error });
    }
    await new Promise((resolve) => setTimeout(resolve, everyMs));
  }
}

async function ask<T>(condition: () => T | Promise<T>): Promise<{ value?: T; error?: unknown }> {
  try {
    return { value: await condition() };
  } catch (error) {
    return { error };
  }
}
