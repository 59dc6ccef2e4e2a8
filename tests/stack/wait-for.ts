/** Asks again until the answer is there. @throws with the last answer when it is not within `withinMs` */
export async function waitFor<T>(
  what: string,
  ask: () => Promise<T | undefined | false>,
  withinMs = 20_000,
): Promise<T> {
  const deadline = Date.now() + withinMs;
  let last: unknown;
  do {
    const answer = await ask();
    if (answer) return answer;
    last = answer;
    await new Promise((resolve) => setTimeout(resolve, 100));
  } while (Date.now() < deadline);
  throw new Error(`${what}: not within ${withinMs} ms (last answer: ${JSON.stringify(last)})`);
}
