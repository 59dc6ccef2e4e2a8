// The scripts of k8s/backup, and what other programs of the machine see of them. What they keep: tests/deploy/restore.
import { spawnSync } from 'node:child_process';
import { chmodSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { parse } from 'yaml';
import { repository } from './environments';

const url = "mongodb://backup:it's-a-secret@127.0.0.1:27017/?authSource=admin";

let folder: string;
let backup: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'ticketing-backup-'));
  backup = join(folder, 'backup');
  for (const name of ['programs', 'temporary']) mkdirSync(join(folder, name));
});
afterEach(() => rmSync(folder, { recursive: true }));

/** Tools that write down their words and their configuration, with its rights, and end with `status`. */
function layTools(status = 0): void {
  for (const name of ['mongodump', 'mongorestore']) {
    const path = join(folder, 'programs', name);
    writeFileSync(
      path,
      `#!/bin/sh
printf '%s\\n' "$@" > "${folder}/words"
for word in "$@"; do
  case $word in
    --config=*) cp "\${word#--config=}" "${folder}/config"; ls -l "\${word#--config=}" > "${folder}/rights" ;;
    --archive=*) [ ${name} = mongorestore ] || echo records > "\${word#--archive=}" ;;
  esac
done
exit ${status}
`,
    );
    chmodSync(path, 0o755);
  }
}

function script(name: 'back-up' | 'restore'): number | null {
  const { NATS_URL: _none, ...env } = process.env;
  return spawnSync('/bin/sh', [join(repository, `k8s/backup/${name}.sh`), backup], {
    env: {
      ...env,
      PATH: [join(folder, 'programs'), process.env.PATH].join(delimiter),
      TMPDIR: join(folder, 'temporary'),
      MONGO_URL: url,
      CONFIRM: backup,
    },
  }).status;
}

const written = (name: string) => readFileSync(join(folder, name), 'utf8');

test.each([
  ['back-up', '--oplog'],
  ['restore', '--oplogReplay'],
] as const)('%s shows the password to nobody, and leaves it nowhere', (name, oplog) => {
  layTools();
  expect(script('back-up')).toBe(0);
  if (name === 'restore') expect(script(name)).toBe(0);
  const words = written('words').split('\n');
  expect(words).toContain(oplog);
  expect(words.filter((word) => word.includes('secret'))).toEqual([]);
  expect(parse(written('config'))).toEqual({ uri: url });
  expect(written('rights')).toMatch(/^-rw------- /);
  expect(readdirSync(join(folder, 'temporary'))).toEqual([]);
});

test('A backup that broke off is none, and leaves no password either', () => {
  layTools(1);
  expect(script('back-up')).toBe(1);
  expect(readdirSync(backup)).not.toContain('SHA256SUMS');
  expect(readdirSync(join(folder, 'temporary'))).toEqual([]);
  layTools();
  expect(script('restore')).toBe(1);
});
