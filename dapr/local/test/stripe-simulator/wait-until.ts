/** The first truthy answer of `look`, asked again until the deadline. */
export async function waitUntil<Found>(
  look: () => Promise<Found | null | undefined | false> | Found | null | undefined | false,
  deadlineMs = 5000,
): Promise<Found> {
  const end = Date.now() + deadlineMs;
  for (;;) {
    const found = await look();
    if (found) return found;
    if (Date.now() > end) throw new Error(`Waited ${deadlineMs} ms in vain: ${look.toString().slice(0, 200)}`);
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
}
