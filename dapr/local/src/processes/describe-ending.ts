import type { Ending } from './keep-running';

/** As a predicate: `ended with exit code 3`, `was killed (SIGKILL)`. */
export const describeEnding = ({ code, signal }: Ending) =>
  signal ? `was killed (${signal})` : `ended with exit code ${code}`;
