// The Node and npm of the images, of exactly the version that their Dockerfiles name, so that what they do is
// tried with what they run, whatever Node runs the tests: npm's packages of the released programs, by node/package-lock.json.
import { execFileSync } from 'node:child_process';
import { copyFileSync, existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { madeOnce, need } from './provide-tools';

export interface ImageNode {
  version: string;
  npmVersion: string;
  /** The program. */
  node: string;
  /** Folders that have `node`, `npm` and `npx` of these versions, as a PATH would have them. */
  programs: string[];
}

interface Pins {
  dependencies: { npm: string };
  optionalDependencies: Record<string, string>;
}

/** The machine, and the Node of this run. */
type Machine = Pick<NodeJS.Process, 'platform' | 'arch' | 'version' | 'execPath'>;

/** @throws Error when neither npm nor this run has that Node for the machine: another one would prove nothing */
export function provideNode(machine: Machine = process): ImageNode {
  const { version, npmVersion } = pinnedNode();
  const files = ['node/package.json', 'node/package-lock.json'];
  const folder = madeOnce('deploy-checks-node', files, (made) => {
    need('npm', 'the Node of the images is installed with it (tests/deploy/tools/node)');
    for (const file of files) copyFileSync(join(__dirname, file), join(made, file.replace('node/', '')));
    execFileSync('npm', ['ci', '--ignore-scripts', '--no-audit', '--no-fund'], { cwd: made, stdio: 'pipe' });
  });
  const packaged = join(folder, 'node_modules', `node-${machine.platform}-${machine.arch}`, 'bin/node');
  const node = existsSync(packaged) ? packaged : ownProgram(version, machine);
  return { version, npmVersion, node, programs: [dirname(node), join(folder, 'node_modules/.bin')] };
}

/** @throws Error when packages of different platforms are not of one version */
export function pinnedNode(): Pick<ImageNode, 'version' | 'npmVersion'> {
  const { dependencies, optionalDependencies } = JSON.parse(
    readFileSync(join(__dirname, 'node/package.json'), 'utf8'),
  ) as Pins;
  const [version = '', ...others] = new Set(Object.values(optionalDependencies));
  if (others.length > 0) throw new Error(`tests/deploy/tools/node/package.json names Node ${version} and ${others}`);
  return { version, npmVersion: dependencies.npm };
}

function ownProgram(version: string, { platform, arch, version: own, execPath }: Machine): string {
  if (own === `v${version}`) return execPath;
  throw new Error(
    `The images run Node ${version}, which npm has no package of for ${platform} on ${arch}: ` +
      `run these tests with it (nvm install ${version}; this is ${own}).`,
  );
}
