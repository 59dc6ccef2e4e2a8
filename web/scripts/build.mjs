// `npm run build -w web`: the production build, made whole so that `node .next/standalone/web/server.js` serves it, and
// a note of what it was made from.
import { spawnSync } from 'node:child_process';
import { rm, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { digestOfSources, stampFile } from './built-from.mjs';

const web = join(import.meta.dirname, '..');
const next = createRequire(import.meta.url).resolve('next/dist/bin/next');
// Before the build: what is saved while it runs is not in it.
const digest = await digestOfSources();
await rm(stampFile, { force: true });
const { status, error } = spawnSync(process.execPath, [next, 'build'], {
  cwd: web,
  stdio: 'inherit',
  env: { ...process.env, NODE_ENV: 'production', NEXT_TELEMETRY_DISABLED: '1' },
});
if (error) throw error;
if (status !== 0) process.exit(status ?? 1);
await import('./complete-standalone.mjs');
await writeFile(stampFile, digest);
