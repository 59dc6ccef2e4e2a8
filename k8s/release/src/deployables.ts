// What is deployed: each workspace that has a deploy/version.json, by the name its image and its Deployment have.
import { existsSync, readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { valid } from 'semver';
import { z } from 'zod';
import { Problem } from './problem';

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

const readManifest = (root: string, folder: string): Manifest =>
  JSON.parse(readFileSync(join(root, folder, 'package.json'), 'utf8'));

export function listWorkspaces(root: string): Workspace[] {
  const folders = readManifest(root, '.').workspaces ?? [];
  const manifests = folders.map((folder) => ({ folder, manifest: readManifest(root, folder) }));
  const names = manifests.map(({ manifest }) => manifest.name);
  return manifests.map(({ folder, manifest }) => ({
    package: manifest.name,
    folder,
    dependencies: Object.keys(manifest.dependencies ?? {}).filter((name) => names.includes(name)),
  }));
}

/** @throws Problem when a version.json is not valid */
export function listDeployables(root: string): Deployable[] {
  return listWorkspaces(root)
    .filter(({ folder }) => existsSync(join(root, versionFile(folder))))
    .map((workspace) => ({
      ...workspace,
      name: basename(workspace.folder),
      version: parseVersion(
        readFileSync(join(root, versionFile(workspace.folder)), 'utf8'),
        versionFile(workspace.folder),
      ),
    }));
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

const versionSchema = z.strictObject({ version: z.string().refine((text) => valid(text) === text) });

/** @throws Problem naming the file, when this is not `{ "version": "1.2.3" }` */
export function parseVersion(text: string, file: string): string {
  let content: unknown;
  try {
    content = JSON.parse(text);
  } catch (error) {
    throw new Problem(`${file} is not JSON: ${(error as Error).message}`);
  }
  const parsed = versionSchema.safeParse(content);
  if (!parsed.success)
    throw new Problem(`${file} must be { "version": "1.2.3" }, a semantic version, and nothing else.`);
  return parsed.data.version;
}
