// What an image holds, or is compiled with, of the packages of others: found in the lock file as Node finds it on disk.
import { dirname, join } from 'node:path';

export interface Lock {
  packages: Record<string, LockedPackage>;
}

interface LockedPackage {
  version?: string;
  integrity?: string;
  /** Where it is from; of a link, the workspace's folder. */
  resolved?: string;
  link?: boolean;
  os?: string[];
  /** Only there for development. */
  dev?: boolean;
  dependencies?: Record<string, string>;
  optionalDependencies?: Record<string, string>;
  devDependencies?: Record<string, string>;
  peerDependencies?: Record<string, string>;
}

export interface Resolution {
  /** `body-parser 2.3.0`, or a workspace's folder. */
  dependant: string;
  name: string;
  /** Its contents: version and hash. */
  contents: string;
}

/** Development dependencies whose work is in an image; the others test, or describe types, of which nothing is left. */
export const builders: readonly string[] = ['typescript', 'sass'];

/**
 * Who gets which package in the image of a workspace, or as it is compiled: what is nearest to it first.
 * @param folder of the workspace: `services/orders`
 */
export function packagesOfImage({ packages }: Lock, folder: string): Resolution[] {
  const found: Resolution[] = [];
  // The root is where the compiler is from. A set that grows while it is walked is walked to its end.
  const places = new Set(['', folder]);
  for (const place of places) {
    const dependant = packages[place] ?? {};
    for (const name of namesNeeded(place, dependant)) {
      const resolved = resolve(packages, place, name);
      if (resolved === undefined || isLeftOut(resolved.package, dependant, name)) continue;
      found.push({ dependant: nameOf(place, dependant), name, contents: contentsOf(resolved.package) });
      places.add(resolved.place);
    }
  }
  return found;
}

/** As npm installs them: an optional peer, too, if it is there for somebody else. */
function namesNeeded(place: string, dependant: LockedPackage): string[] {
  const { dependencies, optionalDependencies, peerDependencies, devDependencies = {} } = dependant;
  const building = isWorkspace(place) ? Object.keys(devDependencies).filter((name) => builders.includes(name)) : [];
  return [...Object.keys({ ...dependencies, ...optionalDependencies, ...peerDependencies }), ...building];
}

/** Up the folders, as Node looks for it; a link leads to the workspace itself. */
function resolve(
  packages: Lock['packages'],
  from: string,
  name: string,
): { place: string; package: LockedPackage } | undefined {
  for (let folder = from; ; folder = dirname(folder)) {
    const place = join(folder, 'node_modules', name);
    const entry = packages[place];
    if (entry?.link) return { place: entry.resolved ?? '', package: packages[entry.resolved ?? ''] ?? {} };
    if (entry) return { place, package: entry };
    if (folder === '' || folder === '.') return undefined;
  }
}

const isWorkspace = (place: string) => !/(^|\/)node_modules\//.test(place);

/** What is for other systems is in the lock file and in no image; neither is a peer that only tests have. */
const isLeftOut = ({ os = ['linux'], dev = false }: LockedPackage, dependant: LockedPackage, name: string) =>
  !os.some((system) => system === 'linux' || system.startsWith('!')) ||
  (dev && dependant.peerDependencies?.[name] !== undefined);

const contentsOf = ({ version = '', integrity = '', resolved = '' }: LockedPackage) =>
  [version, integrity || resolved].join(' ');

const nameOf = (place: string, { version = '' }: LockedPackage) =>
  isWorkspace(place) ? place : `${place.split('node_modules/').at(-1)} ${version}`;
