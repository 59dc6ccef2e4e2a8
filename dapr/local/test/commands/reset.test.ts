// The command as make calls it: a process without a terminal.
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { makeDataFolder, markerName } from '../../src/settings/data-folder';

const program = ['--import', pathToFileURL(require.resolve('tsx')).href, join(__dirname, '..', '..', 'src', 'main.ts')];

describe('reset', () => {
  let root: string;
  beforeEach(() => {
    root = mkdtempSync(join(tmpdir(), 'reset-'));
  });
  afterEach(() => rmSync(root, { recursive: true }));

  const command = (...words: string[]) => {
    const { stdout, stderr, status } = spawnSync(process.execPath, [...program, ...words], {
      env: { ...process.env, DATA_DIR: root },
      encoding: 'utf8',
    });
    return { stdout, stderr, status };
  };

  test('removes what a run has made, and nothing beside it', () => {
    makeDataFolder(root);
    writeFileSync(join(root, 'mine.txt'), '');
    expect(command('reset', '--yes')).toMatchObject({
      status: 0,
      stdout: expect.stringContaining('Removed logs, run'),
    });
    expect(readdirSync(root).sort()).toEqual([markerName, 'mine.txt']);
    makeDataFolder(root);
  });

  test("refuses in one sentence to touch somebody else's folder", () => {
    mkdirSync(join(root, 'logs'));
    const { status, stderr } = command('reset', '--yes');
    expect(status).toBe(1);
    expect(stderr).toMatch(/^[^\n]*holds other things[^\n]*\n$/);
    expect(existsSync(join(root, 'logs'))).toBe(true);
  });

  test('says what to type where nobody can be asked', () => {
    makeDataFolder(root);
    const { status, stderr } = command('reset');
    expect(status).toBe(1);
    expect(stderr).toMatch(/^[^\n]*make reset YES=1[^\n]*\n$/);
    expect(existsSync(join(root, 'logs'))).toBe(true);
  });

  test('status says plainly that nothing runs, which is no error', () => {
    expect(command('status')).toEqual({
      status: 0,
      stderr: '',
      stdout: expect.stringMatching(/^Nothing is running.*\n$/),
    });
  });
});
