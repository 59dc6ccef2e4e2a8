// A registry as `docker buildx imagetools` tells of it: a program of that name, which knows what was pushed here.
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

export interface Registry {
  /** Where `docker` is. */
  path: string;
  push(reference: string, digest: string): void;
}

export function registryIn(folder: string): Registry {
  const pushed: Record<string, string> = {};
  const images = join(folder, 'images.json');
  const path = join(folder, 'bin');
  const write = () => writeFileSync(images, JSON.stringify(pushed));
  write();
  mkdirSync(path);
  writeFileSync(join(path, 'docker'), docker(images), { mode: 0o755 });
  return {
    path,
    push(reference, digest) {
      pushed[reference] = digest;
      write();
    },
  };
}

const docker = (images: string) => `#!${process.execPath}
const [, , , , , reference] = process.argv;
const digest = JSON.parse(require('node:fs').readFileSync(${JSON.stringify(images)}, 'utf8'))[reference];
const labels = { 'org.opencontainers.image.revision': 'rehearsal' };
if (digest) process.stdout.write(JSON.stringify({ manifest: { digest }, image: { config: { Labels: labels } } }));
else process.stderr.write('ERROR: ' + reference + ': not found\\n');
process.exitCode = digest ? 0 : 1;
`;
