// Makes the standalone server whole: Next leaves static files to a CDN, we serve them ourselves.
import { cp, rm } from 'node:fs/promises';
import { join } from 'node:path';

const web = join(import.meta.dirname, '..');
const files = '.next/static';
const served = join(web, '.next/standalone/web', files);

await rm(served, { recursive: true, force: true });
await cp(join(web, files), served, { recursive: true });
