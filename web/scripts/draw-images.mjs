// Draws the pictures that must be pixels: what other sites show of a link to us, and the icon of a phone's home screen.
// `node web/scripts/draw-images.mjs` writes them into src/app, where Next finds them; they are committed, since drawing
// takes a browser (CHROMIUM, or the one on this machine) and they seldom change. Fonts are those we ship.
import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { chromium } from 'playwright-core';

const app = join(import.meta.dirname, '../src/app');
const { resolve } = createRequire(import.meta.url);
const fonts = {
  Display: '@fontsource-variable/bricolage-grotesque/files/bricolage-grotesque-latin-wght-normal.woff2',
  Text: '@fontsource-variable/inter/files/inter-latin-wght-normal.woff2',
};
const spruce = '#0a4538';
const marigold = '#ffb931';
const figures =
  '<g fill="none" stroke="#fff" stroke-width="3.2" stroke-linecap="round" stroke-linejoin="round"><path d="M12.5 12.5 15.5 10.500V23.5"/><path d="M28 10.500h-6l-.7 6c4-1.5 7.2.4 7.2 3.5 0 3.4-4.2 4.7-7.5 2.3"/></g>';
const mark = (paper) => `<svg viewBox="0 0 54 34">
  <path fill="${paper}" d="M5 1h29v32H5a4 4 0 0 1-4-4v-6.500a5.5 5.5 0 0 0 0-11V5a4 4 0 0 1 4-4z"/>
  <path fill="${marigold}" d="M37 1h12a4 4 0 0 1 4 4v6.500a5.5 5.5 0 0 0 0 11V29a4 4 0 0 1-4 4H37z"/>${figures}</svg>`;

const pictures = [
  {
    file: 'opengraph-image.png',
    width: 1200,
    height: 630,
    html: `<style>
      body { background: ${spruce}; color: #f2f7f4; padding: 88px 96px; box-sizing: border-box; display: grid; align-content: space-between }
      header { display: flex; align-items: center; gap: 28px; font: 800 52px Display; letter-spacing: -0.02em }
      header svg { width: 118px } h1 { font: 800 124px/1.02 Display; letter-spacing: -0.03em; margin: 0 }
      p { font: 500 34px/1.4 Text; color: #bcd6cc; margin: 24px 0 0; max-width: 880px }
      i { position: absolute; width: 84px; height: 84px; border-radius: 50%; background: #f3f6f4; top: 273px }
      hr { position: absolute; right: 208px; top: 0; height: 630px; border: 0; border-left: 6px dashed #ffffff55; margin: 0 }
      b { position: absolute; right: -8px; top: 0; width: 216px; height: 630px; background: ${marigold} }
    </style><b></b><hr><i style="left:-42px"></i><i style="right:-42px"></i>
    <header>${mark('#16705c')}Row Fifteen</header><div><h1>Find your row</h1><p>Tickets from fan to fan, held for you while you pay.</p></div>`,
  },
  {
    file: 'apple-icon.png',
    width: 180,
    height: 180,
    html: `<style>body { background: ${spruce}; display: grid; place-items: center } svg { width: 132px }</style>${mark('#16705c')}`,
  },
];

const face = async ([name, path]) =>
  `@font-face { font-family: ${name}; font-weight: 100 900; src: url(data:font/woff2;base64,${(await readFile(resolve(path))).toString('base64')}) }`;
const faces = (await Promise.all(Object.entries(fonts).map(face))).join('');

const browser = await chromium.launch({
  executablePath: process.env.CHROMIUM || '/usr/bin/chromium',
  args: ['--headless', '--no-sandbox'],
});
try {
  for (const { file, width, height, html } of pictures) {
    const page = await browser.newPage({ viewport: { width, height } });
    await page.setContent(
      `<!doctype html><style>${faces} body { margin: 0; height: ${height}px; position: relative; overflow: hidden }</style>${html}`,
    );
    await page.evaluate(() => document.fonts.ready.then(() => undefined));
    await page.screenshot({ path: join(app, file) });
    process.stdout.write(`${join(app, file)}\n`);
  }
} finally {
  await browser.close();
}
