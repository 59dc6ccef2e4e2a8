// `make rehearse`: releases of this repository deployed by the real playbooks to a real control plane on loopback. Pods
// do not run there: kwok calls them ready, and the smoke test meets a server of ours, which can be told to fail.
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { startAws } from './aws';
import { startControlPlane } from './control-plane';
import { startSite } from './listening';
import { providePrograms } from './provide-programs';
import { registryIn } from './registry';
import { cloneOf } from './releases';
import { conclude, tell } from './report';
import { rehearseBadInput } from './stages/bad-input';
import { rehearseBootstrap } from './stages/bootstrap';
import { rehearseOverlays } from './stages/overlays';
import { rehearseReleases } from './stages/releases';
import { rehearseSidecars } from './stages/sidecars';

const repository = resolve(__dirname, '../../..');

const help = `Rehearses deployments: releases go to a real Kubernetes control plane on this machine, by the playbooks in ansible/.

Usage: make rehearse, or npm run rehearse
It takes what is committed. Needs Go (the control plane is built once, in about ten minutes), Python 3 and git.
Exit code 1: something went wrong.
`;

async function main(): Promise<void> {
  if (process.argv.includes('--help')) return void process.stdout.write(help);
  const programs = providePrograms(tell);
  const root = mkdtempSync(join(tmpdir(), 'ticketing-rehearsal-'));
  const closing: (() => unknown)[] = [() => rmSync(root, { recursive: true, force: true })];
  const folder = (name: string) => {
    mkdirSync(join(root, name));
    return join(root, name);
  };
  const close = async () => {
    for (const step of closing.splice(0).reverse()) await step();
  };
  for (const signal of ['SIGINT', 'SIGTERM'] as const) {
    process.once(signal, () => void close().finally(() => process.exit(130)));
  }
  try {
    const clone = cloneOf(repository, join(root, 'repository'));
    const site = await startSite();
    closing.push(() => site.server.close());
    tell('starting the control plane ...');
    const plane = await startControlPlane({ programs, folder: folder('plane'), context: 'rehearsal', nodes: 3 });
    closing.push(() => plane.stop());
    const aws = await startAws({ programs, folder: folder('aws') });
    closing.push(() => aws.stop());
    const registry = registryIn(folder('registry'));
    const stage = { programs, folder, closing, clone, site, plane, aws, registry };
    const { play, dapr } = await rehearseBootstrap(stage);
    await rehearseOverlays(stage);
    await rehearseReleases(stage, play);
    await rehearseSidecars(stage, dapr);
    await rehearseBadInput(stage, play);
  } finally {
    await close();
  }
  process.exitCode = conclude();
}

main().catch((error: unknown) => {
  process.stderr.write(`${error instanceof Error ? error.stack : error}\n`);
  process.exitCode = 1;
});
