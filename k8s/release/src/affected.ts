// Which workspaces a change reaches: those it touches, and those that are built from them.
import { listWorkspaces, type Workspace } from './deployables';
import { commitOf, filesChanged, git } from './git';
import { checkedOut } from './tree';

/**
 * What a change needs tested: folders of workspaces, as the arguments of jest.
 * @param base what the change is meant for: only what has happened since they parted counts
 */
export function affectedFolders(root: string, base: string, head: string): string[] {
  const from = git(root, 'merge-base', commitOf(root, base), commitOf(root, head)).trim();
  return foldersReached(listWorkspaces(checkedOut(root)), filesChanged(root, from, commitOf(root, head)));
}

export function foldersReached(workspaces: Workspace[], files: string[]): string[] {
  const owners = files.map((file) => workspaces.find(({ folder }) => file.startsWith(`${folder}/`)));
  if (files.length === 0) return [];
  // What belongs to no workspace and is no prose (the lock file, compiler and test settings, components) reaches all.
  const all = files.some((file, index) => !owners[index] && !isProse(file));
  const touched = new Set(all ? workspaces : owners.filter((owner) => owner !== undefined));
  return workspaces
    .filter((workspace) => all || isAboutAll(workspace) || reaches(workspace, touched, workspaces))
    .map(({ folder }) => folder);
}

/** Tests across services, which hold documents to the code, too. */
const isAboutAll = ({ folder }: Workspace) => folder === 'tests';

const isProse = (file: string) => /^(docs\/|[^/]+\.md$|LICENSE$)/.test(file);

const reaches = (workspace: Workspace, touched: ReadonlySet<Workspace>, all: Workspace[]): boolean =>
  touched.has(workspace) ||
  all.some((other) => workspace.dependencies.includes(other.package) && reaches(other, touched, all));
