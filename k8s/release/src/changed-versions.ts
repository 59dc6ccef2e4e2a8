import { type Deployable, listDeployables, parseVersion, versionFile } from './deployables';
import { commitOf, fileAt } from './git';

export interface ChangedVersion extends Pick<Deployable, 'name' | 'version'> {
  /** Undefined for a service that was not there. */
  before: string | undefined;
}

/** Services whose version is another than at `base`. */
export function changedVersions(root: string, base: string): ChangedVersion[] {
  const commit = commitOf(root, base);
  return listDeployables(root)
    .map(({ name, version, folder }) => {
      const text = fileAt(root, commit, versionFile(folder));
      return {
        name,
        version,
        before: text === undefined ? undefined : parseVersion(text, `${versionFile(folder)} at ${base}`),
      };
    })
    .filter(({ version, before }) => version !== before);
}
