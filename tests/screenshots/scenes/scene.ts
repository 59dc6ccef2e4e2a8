import type { Page } from 'playwright-core';
import type { Stage } from '../stage';

/** One state of one page. */
export interface Scene {
  /** Its pictures' file name: `ticket-held`. */
  name: string;
  /** Leaves a tab in that state; it is photographed and closed. */
  show(stage: Stage): Promise<Page>;
  /** Its widths, when not all. */
  widths?: number[];
  /** What is in sight, rather than the whole page: for what lies over it. */
  inSight?: true;
  /** Shown with JavaScript switched off. */
  withoutScript?: true;
  /** Halts or needs what only a marketplace of our own has. */
  needsOwnStack?: true;
}
