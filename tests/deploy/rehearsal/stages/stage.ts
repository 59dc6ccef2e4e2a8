import type { ControlPlane } from '../control-plane';
import type { Site } from '../listening';
import type { Programs } from '../provide-programs';
import type { Clone } from '../releases';

/** Where it is rehearsed. */
export interface Stage {
  programs: Programs;
  plane: ControlPlane;
  clone: Clone;
  site: Site;
  /** A new folder of that name, gone at the end. */
  folder(name: string): string;
  /** What is done at the end, the last first. */
  closing: (() => unknown)[];
}
