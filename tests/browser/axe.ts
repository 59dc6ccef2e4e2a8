/// <reference lib="dom" />
// What axe finds wrong with a page.
import { readFileSync } from 'node:fs';
import type { Page } from 'playwright-core';

const axe = readFileSync(require.resolve('axe-core/axe.min.js'), 'utf8');

interface AxeResults {
  violations: { id: string; nodes: { html: string }[] }[];
}

/**
 * Names of the rules broken, each with the first element that breaks it. Frames of Stripe's are Stripe's. The page's
 * policy must be off (`bypassCSP`), as the driver brings axe into it.
 */
export async function faultsOf(page: Page): Promise<string[]> {
  await page.evaluate(axe);
  return page.evaluate(async () => {
    const { axe } = globalThis as unknown as { axe: { run: (what: object, how: object) => Promise<AxeResults> } };
    const { violations } = await axe.run({ exclude: ['iframe'] }, { iframes: false });
    return violations.map(({ id, nodes }) => `${id} (${nodes[0]?.html.slice(0, 120)})`);
  });
}

/** How much wider than the screen the page is, in pixels. */
export const overflowOf = (page: Page): Promise<number> =>
  page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
