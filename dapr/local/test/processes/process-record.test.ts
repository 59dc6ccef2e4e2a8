import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { endGroup } from '../../src/processes/end-group';
import { findProcess, listProcesses, parsePsLine } from '../../src/processes/list-processes';
import {
  isAlive,
  membersOf,
  type RecordedProcess,
  readRecord,
  recordProcess,
  writeRecord,
} from '../../src/processes/process-record';

const idle = 'setInterval(() => undefined, 1000)';
/** Leads a group with a member that ignores SIGTERM. */
const stubborn = `require('node:child_process').spawn(process.execPath, ['-e', "process.on('SIGTERM', () => undefined); console.log('up'); ${idle}"], { stdio: 'inherit' }); ${idle}`;

describe('recorded processes', () => {
  const children: ChildProcess[] = [];
  const startLeader = async (script: string): Promise<RecordedProcess> => {
    const child = spawn(process.execPath, ['-e', `${script.includes("'up'") ? '' : "console.log('up');"}${script}`], {
      detached: true,
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    children.push(child);
    if (child.stdout) await once(child.stdout, 'data');
    const recorded = recordProcess('leader', child.pid ?? 0);
    if (!recorded) throw new Error('the leader ended');
    return recorded;
  };
  afterEach(() => {
    for (const child of children.splice(0)) child.kill('SIGKILL');
  });

  test('are told from a later process of the same number by their start time', async () => {
    const leader = await startLeader(idle);
    const stranger = { ...leader, startedAt: `${leader.startedAt}0` };
    expect(isAlive(leader)).toBe(true);
    expect(isAlive(stranger)).toBe(false);
    expect(membersOf(leader).map(({ pid }) => pid)).toEqual([leader.pid]);
    expect(membersOf(stranger)).toEqual([]);
    await endGroup(stranger, 0);
    expect(isAlive(leader)).toBe(true);
  });

  test('are ended with their whole group, those that do not listen by force', async () => {
    const leader = await startLeader(stubborn);
    const members = membersOf(leader).map(({ pid }) => pid);
    expect(members.length).toBe(2);
    await endGroup(leader, 300);
    const deadline = Date.now() + 5_000;
    while (membersOf(leader).length > 0 && Date.now() < deadline) await new Promise((resolve) => setImmediate(resolve));
    expect(membersOf(leader)).toEqual([]);
  });

  test('whose leader was killed are still found through their group', async () => {
    const leader = await startLeader(stubborn);
    const child = children.at(-1);
    child?.kill('SIGKILL');
    if (child) await once(child, 'exit');
    expect(isAlive(leader)).toBe(false);
    expect(membersOf(leader).length).toBe(1);
    await endGroup(leader, 100);
  });
});

describe('the list of processes', () => {
  test('has this one, with its parent, command and start', () => {
    const me = findProcess(process.pid);
    expect(me).toMatchObject({ pid: process.pid, parentPid: process.ppid, command: expect.stringContaining('node') });
    expect(listProcesses().find(({ pid }) => pid === process.pid)?.startedAt).toBe(me?.startedAt);
    expect(me?.residentKib).toBeGreaterThan(1_000);
    expect(me?.upSeconds).toBeGreaterThan(0);
  });

  test('reads what ps prints where there is no /proc', () => {
    expect(
      parsePsLine('  501     1   501  34567 Ss   Fri Nov 20 10:00:00 2026     /usr/bin/redis-server *:6379 --a b'),
    ).toMatchObject({
      pid: 501,
      parentPid: 1,
      groupId: 501,
      residentKib: 34_567,
      state: 'Ss',
      startedAt: 'Fri Nov 20 10:00:00 2026',
      command: '/usr/bin/redis-server *:6379 --a b',
    });
    expect(parsePsLine('')).toBeUndefined();
  });
});

describe('the record of a run', () => {
  let folder: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'record-'));
  });
  afterEach(() => rmSync(folder, { recursive: true }));

  test('is read as it was written', () => {
    const file = join(folder, 'processes.json');
    const leader = { name: 'redis', pid: 1, startedAt: '2' };
    const record = {
      launcher: leader,
      publicUrl: 'http://localhost:3000',
      ports: { redis: 1 },
      groups: [leader],
      removals: [],
    };
    expect(readRecord(file)).toBeUndefined();
    writeRecord(file, record);
    expect(readRecord(file)).toEqual(record);
    writeFileSync(file, '{"launcher":');
    expect(readRecord(file)).toBeUndefined();
  });
});
