/** The first truthy answer of `look`, asked again every 20 ms. @throws with what it asks when `withinMs` brought none */
export async function waitFor<Found>(
  look: () => Promise<Found | null | undefined | false> | Found | null | undefined | false,
  withinMs = 20_000,
): Promise<Found> {
  const end = performance.now() + withinMs;
  for (;;) {
    const found = await look();
    if (found) return found;
    if (performance.now() > end) throw new Error(`still not so after ${withinMs} ms: ${look}`);
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}
