// A service that is down, and stays down: its runner, which would start it again, is paused meanwhile.
import { type ProcessRow, processOf } from './processes';
import type { Stack } from './start-stack';
import { waitFor } from './wait-for';

export type StackApp = 'auth' | 'tickets' | 'orders' | 'expiration' | 'payments' | 'notifications';

/** The service itself, without its runner and its sidecar. */
export const appOf = ({ pid }: Pick<Stack, 'pid'>, app: StackApp): ProcessRow =>
  processOf(pid, new RegExp(`^\\S*node (--require \\S+ )?\\S*services/${app}/dist/main\\.js$`));

/** @returns brings it back, and resolves when it answers that it is ready */
export function takeAway(stack: Pick<Stack, 'pid' | 'ports'>, app: StackApp): () => Promise<void> {
  const { pid, ports } = stack;
  const runner = processOf(pid, new RegExp(`runner -- \\S*node \\S*services/${app}/dist/main\\.js$`));
  const program = appOf(stack, app);
  process.kill(runner.pid, 'SIGSTOP');
  process.kill(program.pid, 'SIGKILL');
  return async () => {
    process.kill(runner.pid, 'SIGCONT');
    await waitFor(`${app} ready again`, () => isReady(ports.apps[app].app), 60_000);
  };
}

async function isReady(port: number | undefined): Promise<boolean> {
  try {
    return (await fetch(`http://127.0.0.1:${port}/readyz`)).ok;
  } catch {
    return false; // nobody listens yet
  }
}
