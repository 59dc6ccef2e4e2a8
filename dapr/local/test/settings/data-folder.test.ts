import { existsSync, mkdtempSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { checkDataFolder, makeDataFolder, ownNames } from '../../src/settings/data-folder';

describe('the data folder', () => {
  let root: string;
  beforeEach(() => {
    root = mkdtempSync(join(tmpdir(), 'data-'));
  });
  afterEach(() => rmSync(root, { recursive: true }));

  test('is made with its parents, readable by its user only, and holds only names that reset knows', () => {
    const folder = makeDataFolder(join(root, 'a', 'b'));
    expect(statSync(folder.root).mode & 0o777).toBe(0o700);
    expect(existsSync(folder.logs)).toBe(true);
    for (const name of readdirSync(folder.root)) expect(ownNames).toContain(name);
    for (const path of [folder.secretsFile, folder.stripeFile])
      expect(ownNames).toContain(path.slice(folder.root.length + 1));
  });

  test('that cannot be written is named in one sentence', () => {
    writeFileSync(join(root, 'file'), '');
    expect(() => makeDataFolder(join(root, 'file', 'data'))).toThrow(
      /^Cannot write to .*file\/data \(ENOTDIR\): set DATA_DIR/,
    );
  });

  test('can be checked without being made', () => {
    checkDataFolder(join(root, 'a', 'b'));
    expect(existsSync(join(root, 'a'))).toBe(false);
    writeFileSync(join(root, 'file'), '', { mode: 0o600 });
    expect(() => checkDataFolder(join(root, 'file', 'data'))).toThrow(/^Cannot write to .*file\/data/);
  });
});
