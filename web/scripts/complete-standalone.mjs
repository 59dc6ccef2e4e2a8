// Makes the standalone server whole: Next leaves static files and `public` to a CDN, we serve them ourselves.
import { cp, rm } from 'node:fs/promises';
import { join } from 'node:path';

const web = join(import.meta.dirname, '..');
const standalone = join(web, '.next/standalone/web');

for (const [from, to] of [
  ['.next/static', '.next/static'],
  ['public', 'public'],
]) {
  await rm(join(standalone, to), { recursive: true, force: true });
  await cp(join(web, from), join(standalone, to), { recursive: true });
}
