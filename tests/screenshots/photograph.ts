/// <reference lib="dom" />
import type { Page } from 'playwright-core';
import type { Scene } from './scenes/scene';

export interface Shot {
  /** `ticket-held.390.dark.png` */
  file: string;
  width: number;
  scheme: 'light' | 'dark';
}

const heights: Record<number, number> = { 360: 740, 390: 844 };
const desktopHeight = 900;

/** One tab at every width, light and dark. */
export async function photograph(page: Page, scene: Scene, widths: number[], folder: string): Promise<Shot[]> {
  const shots: Shot[] = [];
  for (const width of scene.widths?.filter((each) => widths.includes(each)) ?? widths) {
    await page.setViewportSize({ width, height: heights[width] ?? desktopHeight });
    for (const scheme of ['light', 'dark'] as const) {
      await page.emulateMedia({ colorScheme: scheme, reducedMotion: 'reduce' });
      if (!scene.withoutScript) await settled(page);
      const file = `${scene.name}.${width}.${scheme}.png`;
      await page.screenshot({ path: `${folder}/${file}`, fullPage: !scene.inSight });
      shots.push({ file, width, scheme });
    }
  }
  return shots;
}

/** Fonts are there, what follows the size of the window has been drawn, and what is sticky is where it begins. */
async function settled(page: Page): Promise<void> {
  await page.evaluate(async () => {
    scrollTo(0, 0);
    await document.fonts.ready;
    await new Promise((resolve) => requestAnimationFrame(() => requestAnimationFrame(resolve)));
  });
}
