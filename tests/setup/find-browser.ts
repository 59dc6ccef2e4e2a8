import { provision } from '../../dapr/local/src/provision';

/** Where Chromium is, or where it was just installed. @throws NotProvisioned with what a person can do */
export async function findBrowser(): Promise<string> {
  const { command } = await provision('chromium', { progress: (line) => process.stderr.write(`${line}\n`) });
  return command[0] as string;
}

/** A download and an installation may come before the first test. */
export const findingBrowserMs = 900_000;
