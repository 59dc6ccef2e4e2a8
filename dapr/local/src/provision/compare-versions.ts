/** Negative, zero or positive as version `left` is older than, the same as, or newer than `right` (`1.18.2`). */
export function compareVersions(left: string, right: string): number {
  const [a, b] = [numbers(left), numbers(right)];
  for (let place = 0; place < 3; place += 1) {
    const difference = (a[place] ?? 0) - (b[place] ?? 0);
    if (difference !== 0) return difference;
  }
  return 0;
}

/** Accepts this version and every later one. */
export const atLeast = (oldest: string) => (version: string) => compareVersions(version, oldest) >= 0;

/** Accepts this patch and later ones of the same minor line: Dapr's lines differ in where reminders live. */
export const sameLine = (oldest: string) => (version: string) =>
  numbers(version).slice(0, 2).join() === numbers(oldest).slice(0, 2).join() && atLeast(oldest)(version);

function numbers(version: string): number[] {
  return (version.match(/\d+/g) ?? []).slice(0, 3).map(Number);
}
