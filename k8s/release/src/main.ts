// Versions and images, for people (`make version`) and for the workflows in .github.
import { resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { affectedFolders } from './affected';
import { bumpVersion } from './bump-version';
import { findDeployable, listDeployables } from './deployables';
import { findDigests, findPublished } from './find-digests';
import { findRelease } from './find-release';
import { overlaysWith, writeOverlays } from './overlays';
import { Problem } from './problem';
import { hashSources, requireNewVersions, requireSameSources } from './same-sources';

interface Command {
  usage: string;
  summary: string;
  /** What is printed: JSON for a workflow to read, or a sentence. */
  run(words: string[], options: Options): unknown;
}

interface Options {
  registry: string;
  base: string;
  head: string;
  on: string;
  ref?: string;
}

const root = resolve(__dirname, '../../..');

const commands: Record<string, Command> = {
  version: {
    usage: 'version SERVICE major|minor|patch|1.4.0',
    summary: 'Gives a service its next version',
    run([name = '', bump = '']) {
      const deployable = findDeployable(root, name);
      return `${name} ${deployable.version} -> ${bumpVersion(root, deployable, bump)}`;
    },
  },
  images: {
    usage: 'images',
    summary: 'Writes every version into the images of every overlay',
    run() {
      const deployables = listDeployables(root);
      writeOverlays(overlaysWith(root, deployables));
      return deployables.map(({ name, version }) => `${name} ${version}`).join('\n');
    },
  },
  affected: {
    usage: 'affected --base main [--head HEAD]',
    summary: 'Lists the workspaces that a change reaches, as JSON',
    run: (_words, { base, head }) => affectedFolders(root, needed(base, '--base'), head),
  },
  unchanged: {
    usage: 'unchanged --base main',
    summary: 'Refuses services that change and keep their versions',
    run(_words, { base }) {
      requireNewVersions(root, needed(base, '--base'));
      return 'Every service that changes has a new version.';
    },
  },
  unbuilt: {
    usage: 'unbuilt --registry HOST/PATH',
    summary:
      'Lists the services whose version is not in the registry, as JSON; refuses changed sources of old versions',
    run: (_words, { registry }) =>
      listDeployables(root)
        .filter((deployable) => {
          const published = findPublished(needed(registry, '--registry'), deployable);
          if (published) requireSameSources(root, deployable, published);
          return !published;
        })
        .map((deployable) => ({
          name: deployable.name,
          version: deployable.version,
          sources: hashSources(root, deployable),
        })),
  },
  commit: {
    usage: 'commit --on main[,staging] [--] v1.4.0',
    summary: 'Prints the commit that a tag, a commit or a branch of origin means, if one of these branches has it',
    run: ([name = ''], { on }) => findRelease(root, name, needed(on, '--on').split(',')),
  },
  digests: {
    usage: 'digests --registry HOST/PATH [--ref v1.4.0]',
    summary:
      'Prints the digest of every service at its version, checked out or at a commit, branch or tag, as JSON; refuses images of other sources',
    run: (_words, { registry, ref }) => findDigests(root, needed(registry, '--registry'), ref),
  },
};

function main(): void {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: {
      help: { type: 'boolean', short: 'h', default: false },
      registry: { type: 'string', default: '' },
      base: { type: 'string', default: '' },
      head: { type: 'string', default: 'HEAD' },
      on: { type: 'string', default: '' },
      ref: { type: 'string' },
    },
  });
  const [name = '', ...words] = positionals;
  const command = Object.hasOwn(commands, name) ? commands[name] : undefined;
  if (!command || values.help) {
    const text = command ? `${command.summary}\n\nUsage: node k8s/release/dist/main.js ${command.usage}\n` : overview();
    (values.help ? process.stdout : process.stderr).write(text);
    process.exitCode = values.help ? 0 : 2;
    return;
  }
  const result = command.run(words, values);
  process.stdout.write(`${typeof result === 'string' ? result : JSON.stringify(result)}\n`);
}

const overview = () =>
  `Versions and images of what is deployed.\n\n${Object.values(commands)
    .map(({ usage, summary }) => `  ${usage}\n      ${summary}`)
    .join('\n')}\n`;

function needed(value: string, option: string): string {
  if (value === '') throw new Problem(`${option} is missing.`);
  return value;
}

try {
  main();
} catch (error) {
  const wrongOption = (error as NodeJS.ErrnoException).code?.startsWith('ERR_PARSE_ARGS');
  if (!(error instanceof Problem) && !wrongOption) throw error;
  process.stderr.write(`${(error as Error).message}\n`);
  process.exitCode = wrongOption ? 2 : 1;
}
