import { existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { checkDataFolder, makeDataFolder, markerName, ownNames } from '../../src/settings/data-folder';
import { makeSecrets } from '../../src/settings/make-secrets';
import { defaultDataDir } from '../../src/settings/read-settings';

describe('the data folder', () => {
  let root: string;
  beforeEach(() => {
    root = mkdtempSync(join(tmpdir(), 'data-'));
  });
  afterEach(() => rmSync(root, { recursive: true }));

  test('is made with its parents, readable by its user only, and holds only its mark and names that reset knows', () => {
    const folder = makeDataFolder(join(root, 'a', 'b'));
    expect(statSync(folder.root).mode & 0o777).toBe(0o700);
    expect(existsSync(folder.logs)).toBe(true);
    for (const name of readdirSync(folder.root)) expect([...ownNames, markerName]).toContain(name);
    for (const path of [folder.secretsFile, folder.stripeFile])
      expect(ownNames).toContain(path.slice(folder.root.length + 1));
  });

  test('that cannot be written is named in one sentence', () => {
    writeFileSync(join(root, 'file'), '');
    expect(() => makeDataFolder(join(root, 'file', 'data'))).toThrow(
      /^Cannot write to .*file\/data \(ENOTDIR\): set DATA_DIR/,
    );
  });

  test('that is a file is said to be one', () => {
    const file = join(root, 'file');
    writeFileSync(file, '', { mode: 0o600 });
    for (const use of [makeDataFolder, checkDataFolder])
      expect(() => use(file)).toThrow(/^.*file is a file: set DATA_DIR to a folder of yours\.$/);
  });

  test('that holds things of somebody else is left alone, whatever their names', () => {
    const theirs = join(root, 'theirs');
    mkdirSync(join(theirs, 'logs'), { recursive: true });
    writeFileSync(join(theirs, 'secrets.json'), '{"jwt-secret": {}}');
    for (const use of [makeDataFolder, checkDataFolder])
      expect(() => use(theirs)).toThrow(/^[^\n]*theirs holds other things[^\n]*set DATA_DIR[^\n]*$/);
    expect(readdirSync(theirs).sort()).toEqual(['logs', 'secrets.json']);
  });

  test.each([
    ['is empty', () => undefined],
    ['has been made before', makeDataFolder],
    ['was made before folders were marked', (old: string) => makeSecrets(join(old, 'secrets.json'), {})],
  ])('that %s is taken, and marked', (_which, prepare) => {
    const ours = join(root, 'ours');
    mkdirSync(ours);
    prepare(ours);
    makeDataFolder(ours);
    expect(existsSync(join(ours, markerName))).toBe(true);
  });

  test('that is the default is ours, though a run made it before folders were marked and ended early', () => {
    const { XDG_DATA_HOME, HOME } = process.env;
    Object.assign(process.env, { XDG_DATA_HOME: root, HOME: root });
    try {
      const folder = defaultDataDir(process.env, process.platform);
      mkdirSync(join(folder, 'logs'), { recursive: true });
      makeDataFolder(folder);
      expect(existsSync(join(folder, markerName))).toBe(true);
    } finally {
      for (const [name, value] of Object.entries({ XDG_DATA_HOME, HOME })) {
        if (value === undefined) delete process.env[name];
        else process.env[name] = value;
      }
    }
  });

  test('can be checked without being made', () => {
    checkDataFolder(join(root, 'a', 'b'));
    expect(existsSync(join(root, 'a'))).toBe(false);
    writeFileSync(join(root, 'file'), '', { mode: 0o600 });
    expect(() => checkDataFolder(join(root, 'file', 'data'))).toThrow(/^Cannot write to .*file\/data/);
  });
});
