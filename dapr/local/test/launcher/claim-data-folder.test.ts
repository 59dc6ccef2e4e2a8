import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { claimDataFolder } from '../../src/launcher/claim-data-folder';
import { recordProcess } from '../../src/processes/process-record';
import { type DataFolder, makeDataFolder } from '../../src/settings/data-folder';

describe('one run at a time on a data folder', () => {
  let folder: DataFolder;
  beforeEach(() => {
    folder = makeDataFolder(mkdtempSync(join(tmpdir(), 'claim-')));
  });
  afterEach(() => rmSync(folder.root, { recursive: true }));
  const claimFile = () => join(folder.run, 'claim.json');

  test('a second is told so, and may go on when the first has stopped', () => {
    const release = claimDataFolder(folder);
    expect(() => claimDataFolder(folder)).toThrow(/running already on .* make stop/);
    release();
    claimDataFolder(folder)();
  });

  test.each([
    ['a process that has ended', JSON.stringify({ name: 'launcher', pid: 2 ** 22 + 1, startedAt: '1' })],
    [
      'a number that another process has now',
      JSON.stringify({ ...recordProcess('launcher', process.pid), startedAt: 'long ago' }),
    ],
    ['nobody: half written', '{"name":"lau'],
  ])('a claim of %s is taken over', (_whose, claim) => {
    writeFileSync(claimFile(), claim);
    const release = claimDataFolder(folder);
    expect(JSON.parse(readFileSync(claimFile(), 'utf8'))).toEqual(recordProcess('launcher', process.pid));
    release();
  });
});
