// `make logs` when nothing runs.
import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';

test('The log of a stopped marketplace is shown, said to be old, and not followed', () => {
  const root = mkdtempSync(join(tmpdir(), 'logs-'));
  try {
    mkdirSync(join(root, 'logs'));
    writeFileSync(join(root, 'logs', 'redis.log'), 'Ready to accept connections\nbye bye\n');
    const tsx = ['--import', pathToFileURL(require.resolve('tsx')).href];
    const main = join(__dirname, '..', '..', 'src', 'main.ts');
    const { stdout, stderr, status } = spawnSync(process.execPath, [...tsx, main, 'logs', 'redis'], {
      env: { ...process.env, DATA_DIR: root },
      encoding: 'utf8',
      timeout: 25_000,
    });
    expect(stdout).toBe('Ready to accept connections\nbye bye\n');
    expect(stderr).toMatch(/^The marketplace is not running: [^\n]*\n$/);
    expect(status).toBe(0);
  } finally {
    rmSync(root, { recursive: true });
  }
}, 30_000);
