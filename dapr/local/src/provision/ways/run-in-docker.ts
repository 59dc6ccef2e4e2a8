/** Runs a tool from its published image, when a Docker engine answers. */
import { findProgram } from '../find-program.js';
import { requireCommand, runCommand } from '../run-command.js';
import { tellProgress } from '../tell-progress.js';
import type { Machine, Possibility, Way } from '../types.js';

export function runInDocker(image: { name: string; tag: string; version: string }): Way {
  const reference = `${image.name}:${image.tag}`;
  return {
    name: 'docker',
    possible: dockerAnswers,
    async get({ env, progress, signal, ...machine }) {
      const docker = (await findProgram('docker', { env, ...machine })) ?? 'docker';
      if (!(await hasImage(docker, reference, env))) {
        await tellProgress(progress, `${image.name}: pulling the image ${reference}`, () =>
          requireCommand([docker, 'pull', '--quiet', reference], { env, signal }),
        );
      }
      return { version: image.version, command: [docker, 'run', '--rm'], container: { image: reference } };
    },
  };
}

export async function hasImage(docker: string, reference: string, env: NodeJS.ProcessEnv): Promise<boolean> {
  const found = await runCommand([docker, 'image', 'inspect', reference], { env, timeoutMs: 10_000 }).catch(
    () => undefined,
  );
  return found?.code === 0;
}

async function dockerAnswers(machine: Machine): Promise<Possibility> {
  const docker = await findProgram('docker', machine);
  if (!docker) return { possible: false, why: 'Docker is not installed' };
  const asked = await runCommand([docker, 'version', '--format', '{{.Server.Version}}'], {
    env: machine.env,
    timeoutMs: 5_000,
  }).catch(() => undefined);
  if (asked?.code !== 0) return { possible: false, why: 'no Docker engine answers' };
  return { possible: true, why: `Docker ${asked.stdout.trim()}` };
}
