// A registry as `docker buildx imagetools` tells of it: a program of that name, which knows what was pushed here.
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

export interface Registry {
  /** Where `docker` is. */
  path: string;
  /** @param revision what the image tells that it was built from */
  push(reference: string, digest: string, revision: string): void;
}

export function registryIn(folder: string): Registry {
  const pushed: Record<string, { digest: string; revision: string }> = {};
  const images = join(folder, 'images.json');
  const path = join(folder, 'bin');
  const write = () => writeFileSync(images, JSON.stringify(pushed));
  write();
  mkdirSync(path);
  writeFileSync(join(path, 'docker'), docker(images), { mode: 0o755 });
  return {
    path,
    push(reference, digest, revision) {
      pushed[reference] = { digest, revision };
      write();
    },
  };
}

const docker = (images: string) => `#!${process.execPath}
const [, , , , , reference] = process.argv;
const image = JSON.parse(require('node:fs').readFileSync(${JSON.stringify(images)}, 'utf8'))[reference];
const labels = { 'org.opencontainers.image.revision': image?.revision };
if (image) process.stdout.write(JSON.stringify({ manifest: { digest: image.digest }, image: { config: { Labels: labels } } }));
else process.stderr.write('ERROR: ' + reference + ': not found\\n');
process.exitCode = image ? 0 : 1;
`;
