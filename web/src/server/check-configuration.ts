import { readConfiguration } from './configuration';

/** Ends the process with one sentence when it has not been told what it needs. */
export function checkConfiguration(): void {
  try {
    readConfiguration();
  } catch (error) {
    process.stderr.write(`web: ${(error as Error).message}\n`);
    process.exit(1);
  }
}
