// The order of stopping: the gateway takes no more requests, the services finish what they have in hand, then what they
// used goes. Used by the launcher, and by `stop` when the launcher has died.
import { setTimeout as pause } from 'node:timers/promises';
import { endGroup, killGroup, sendSignal } from '../processes/end-group';
import type { ProcessEntry } from '../processes/list-processes';
import { membersOf, type RecordedProcess } from '../processes/process-record';

const gatewayMs = 2_000;
const servicesMs = 7_000;
const backingMs = 1_000;
const cliMs = 1_000;

/** Drains the apps that `dapr run` started, in order, then ends it and the sidecars. */
export async function stopDapr(leader: RecordedProcess): Promise<void> {
  await endApps(leader, ({ command }) => / runner -- .* gateway$/.test(command), gatewayMs);
  await endApps(leader, ({ command }) => / runner -- /.test(command) && !command.endsWith(' backing'), servicesMs);
  await endApps(leader, ({ command }) => / runner -- /.test(command), backingMs);
  await endGroup(leader, cliMs);
  killGroup(leader);
}

/** Asks the runners that `which` picks to drain their apps, and waits until both are gone. */
async function endApps(
  leader: RecordedProcess,
  which: (entry: ProcessEntry) => boolean,
  graceMs: number,
): Promise<void> {
  const members = membersOf(leader);
  const runners = members.filter(which);
  const pids = new Set(
    [...runners, ...members.filter(({ parentPid }) => runners.some(({ pid }) => pid === parentPid))].map(
      ({ pid }) => pid,
    ),
  );
  for (const { pid } of runners) sendSignal(pid, 'SIGTERM');
  const deadline = Date.now() + graceMs;
  while (membersOf(leader).some(({ pid }) => pids.has(pid)) && Date.now() < deadline) await pause(50);
}
