/** Resolves at the first SIGTERM or SIGINT. */
export const untilSignalled = () =>
  new Promise<NodeJS.Signals>((resolve) => {
    for (const signal of ['SIGTERM', 'SIGINT'] as const) process.once(signal, resolve);
  });
