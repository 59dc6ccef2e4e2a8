// One marketplace for a run of the tests; every test file makes people and tickets of its own in it.
// TEST_MARKETPLACE names one to use instead of starting one: `{"url":…,"pid":…,"ports":…}` as this file writes it.
import { type Stack, startStack } from '../stack/start-stack';

/** What test files know of it. */
export type TestMarketplace = Pick<Stack, 'url' | 'pid' | 'ports'>;

/** Long enough for every purchase on a busy machine, short enough to see one end by itself. */
export const holdMs = 90_000;

// Setup and teardown are loaded apart from each other; what one started, the other finds here.
const shared = globalThis as { ticketingTestMarketplace?: Stack };

export async function startTestMarketplace(): Promise<void> {
  if (process.env.TEST_MARKETPLACE) return;
  const stack = await startStack({ portBase: 28_000, env: { HOLD_WINDOW: `${holdMs}ms` } });
  shared.ticketingTestMarketplace = stack;
  const { url, pid, ports }: TestMarketplace = stack;
  process.env.TEST_MARKETPLACE = JSON.stringify({ url, pid, ports });
}

export async function stopTestMarketplace(): Promise<void> {
  await shared.ticketingTestMarketplace?.stop();
}

/** @throws when the tests were started without the setup above */
export function testMarketplace(): TestMarketplace {
  return JSON.parse(process.env.TEST_MARKETPLACE ?? 'null') ?? missing();
}

function missing(): never {
  throw new Error('run these tests by jest, whose setup starts a marketplace for them');
}
