import type { Aws } from '../aws';
import type { ControlPlane } from '../control-plane';
import type { Site } from '../listening';
import type { Programs } from '../provide-programs';
import type { Registry } from '../registry';
import type { Clone } from '../releases';

/** Where it is rehearsed. */
export interface Stage {
  programs: Programs;
  plane: ControlPlane;
  clone: Clone;
  site: Site;
  aws: Aws;
  registry: Registry;
  /** A new folder of that name, gone at the end. */
  folder(name: string): string;
  /** What is done at the end, the last first. */
  closing: (() => unknown)[];
}
