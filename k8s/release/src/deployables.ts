// What is deployed: each workspace that has a deploy/version.json, by the name its image and its Deployment have.
import { basename, join } from 'node:path';
import { valid } from 'semver';
import { z } from 'zod';
import { Problem } from './problem';
import { checkedOut, parseJson, readJson, type Tree, treeAt } from './tree';

export interface Workspace {
  /** As npm knows it: `@ticketing/orders`. */
  package: string;
  /** From the root of the repository: `services/orders`. */
  folder: string;
  /** The other workspaces that it is built from. */
  dependencies: string[];
}

export interface Deployable extends Workspace {
  /** Of image and Deployment: `orders`. */
  name: string;
  version: string;
}

interface Manifest {
  name: string;
  workspaces?: string[];
  dependencies?: Record<string, string>;
}

/** @throws Problem naming a package.json that is not there, or cannot be read */
export function listWorkspaces(tree: Tree): Workspace[] {
  const folders = readManifest(tree, '.').workspaces ?? [];
  const manifests = folders.map((folder) => ({ folder, manifest: readManifest(tree, folder) }));
  const names = manifests.map(({ manifest }) => manifest.name);
  return manifests.map(({ folder, manifest }) => ({
    package: manifest.name,
    folder,
    dependencies: Object.keys(manifest.dependencies ?? {}).filter((name) => names.includes(name)),
  }));
}

/**
 * @param ref a commit, branch or tag, for what was deployed from there; without it, what is checked out
 * @throws Problem when there is no such ref, when nothing is deployed from it, or when a version.json is not valid
 */
export function listDeployables(root: string, ref?: string): Deployable[] {
  const tree = ref === undefined ? checkedOut(root) : treeAt(root, ref);
  const deployables = listWorkspaces(tree).flatMap((workspace) => {
    const file = versionFile(workspace.folder);
    const text = tree.read(file);
    if (text === undefined) return [];
    return { ...workspace, name: basename(workspace.folder), version: parseVersion(text, `${file}${tree.at}`) };
  });
  if (deployables.length === 0) throw new Problem(`No service has a deploy/version.json${tree.at}: nothing to deploy.`);
  return deployables;
}

/** @throws Problem when there is none of this name */
export function findDeployable(root: string, name: string): Deployable {
  const all = listDeployables(root);
  const found = all.find((deployable) => deployable.name === name);
  if (!found) {
    throw new Problem(`There is no service ${name || '""'}: choose one of ${all.map((one) => one.name).join(', ')}.`);
  }
  return found;
}

export const versionFile = (folder: string): string => `${folder}/deploy/version.json`;

const readManifest = (tree: Tree, folder: string) => readJson<Manifest>(tree, join(folder, 'package.json'));

const versionSchema = z.strictObject({ version: z.string().refine((text) => valid(text) === text) });

/** @throws Problem naming the file, when this is not `{ "version": "1.2.3" }` */
export function parseVersion(text: string, file: string): string {
  const parsed = versionSchema.safeParse(parseJson(text, file));
  if (!parsed.success)
    throw new Problem(`${file} must be { "version": "1.2.3" }, a semantic version, and nothing else.`);
  return parsed.data.version;
}
