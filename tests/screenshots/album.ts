import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { contactSheet } from './contact-sheet';
import { photograph, type Shot } from './photograph';
import type { Scene } from './scenes/scene';
import type { Stage } from './stage';

interface Options {
  names: string[];
  widths: number[];
  folder: string;
  /** By `performance.now()`: nothing begins later. */
  endsAtMs: number;
  say(line: string): void;
}

const sceneWithinMs = 90_000;

/** The pictures of the scenes that are named, and which could not be taken. */
export function openAlbum({ names, widths, folder, endsAtMs, say }: Options) {
  const rows: { name: string; shots: Shot[] }[] = [];
  const failures: string[] = [];

  async function take(stage: Stage, scene: Scene): Promise<string> {
    if (scene.needsOwnStack && !stage.own) return 'left out: it needs a marketplace of our own';
    const began = performance.now();
    try {
      if (began > endsAtMs) throw new Error('out of time');
      rows.push({ name: scene.name, shots: await within(sceneWithinMs, shoot(stage, scene)) });
      return `${((performance.now() - began) / 1_000).toFixed(1)} s`;
    } catch (error) {
      failures.push(scene.name);
      return `FAILED: ${(error as Error).message}`;
    }
  }

  async function shoot(stage: Stage, scene: Scene): Promise<Shot[]> {
    const page = await scene.show(stage);
    try {
      return await photograph(page, scene, widths, folder);
    } finally {
      await page.close();
    }
  }

  return {
    async add(stage: Stage, scenes: Scene[]): Promise<void> {
      for (const scene of scenes.filter(({ name }) => names.includes(name))) {
        const outcome = await take(stage, scene);
        say(`${String(names.indexOf(scene.name) + 1).padStart(3)}/${names.length}  ${scene.name}: ${outcome}`);
      }
    },
    close() {
      writeFileSync(join(folder, 'index.html'), contactSheet(rows));
      return { pictures: rows.flatMap(({ shots }) => shots).length, failures };
    },
  };
}

async function within<T>(ms: number, work: Promise<T>): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error(`not within ${ms / 1_000} s`)), ms);
  });
  return Promise.race([work, late]).finally(() => clearTimeout(timer));
}
