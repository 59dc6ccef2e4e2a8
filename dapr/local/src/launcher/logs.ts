// Logs of a run, in DATA_DIR/logs: one file per backing program, appended to and turned over when it has grown; and a
// new pair per app and start, made by `dapr run` (<app>_app_<time>.log, <app>_daprd_<time>.log).
import { existsSync, openSync, readdirSync, readFileSync, renameSync, rmSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { apps } from '../apps';
import { tellingLines } from '../processes/telling-lines';

const turnOverBytes = 10 * 1024 * 1024;
const keptStarts = 5;

/** Opens a backing program's log for appending, for its stdout and stderr. */
export const openLog = (logs: string, name: string): number => openSync(join(logs, `${name}.log`), 'a', 0o600);

/** To be called before anything is started. */
export function turnOverLogs(logs: string): void {
  const names = readdirSync(logs);
  for (const name of names.filter((name) => /^[a-z-]+\.log$/.test(name))) {
    const path = join(logs, name);
    if (statSync(path).size > turnOverBytes) renameSync(path, `${path}.1`);
  }
  for (const app of apps) {
    for (const kind of ['app', 'daprd']) {
      const old = startsOf(names, app, kind).slice(0, -keptStarts);
      for (const name of old) rmSync(join(logs, name));
    }
  }
}

/** The newest log of an app or its sidecar, or the log of a backing program. */
export function findLog(logs: string, name: string): string | undefined {
  if (!existsSync(logs)) return undefined;
  const names = readdirSync(logs);
  const [app = name, kind = 'app'] = name.split('.');
  const newest = startsOf(names, app, kind).at(-1) ?? names.find((file) => file === `${name}.log`);
  return newest && join(logs, newest);
}

/** Names of what `logs` can show. */
export function logNames(logs: string): string[] {
  if (!existsSync(logs)) return [];
  const names = readdirSync(logs).flatMap((file) => {
    const [, app, kind] = file.match(/^([a-z]+)_(app|daprd)_\d+\.log$/) ?? [];
    if (app) return kind === 'app' ? [app] : [`${app}.daprd`];
    return file.match(/^([a-z-]+)\.log$/)?.[1] ?? [];
  });
  return [...new Set(names)].sort();
}

const startsOf = (names: string[], app: string, kind: string) =>
  names.filter((name) => name.startsWith(`${app}_${kind}_`) && name.endsWith('.log')).sort();

const lastLinesBytes = 8_192;

/** The end of a log, indented. */
export function lastLinesOf(logs: string, name: string, count = 20): string {
  return indented(readEnd(logs, name)?.slice(-count));
}

/** What tells most about a failure in the end of a log, indented. */
export const tellingLinesOf = (logs: string, name: string): string => {
  const lines = readEnd(logs, name);
  return indented(lines && tellingLines(lines));
};

export function indented(lines: readonly string[] | undefined): string {
  if (!lines) return '  (no log)';
  return lines.length === 0 ? '  (nothing)' : lines.map((line) => `  ${plainLine(line)}`).join('\n');
}

function readEnd(logs: string, name: string): string[] | undefined {
  const path = findLog(logs, name);
  if (!path) return undefined;
  return readFileSync(path).subarray(-lastLinesBytes).toString('utf8').trimEnd().split('\n');
}

const colours = new RegExp(`${String.fromCharCode(27)}\\[[0-9;]*m`, 'g');

/** A log line without colours and without the words `dapr run` puts before it. */
export const plainLine = (line: string) => line.replaceAll(colours, '').replace(/^== APP - \S+ == /, '');
