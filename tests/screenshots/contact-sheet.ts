import type { Shot } from './photograph';

/** All pictures on one page, a row for each state. */
export function contactSheet(rows: { name: string; shots: Shot[] }[]): string {
  const sections = rows.map(
    ({ name, shots }) =>
      `<section><h2>${name}</h2><div>${shots
        .map(
          ({ file, width, scheme }) =>
            `<figure><a href="${file}"><img src="${file}" loading="lazy" alt="${name}, ${width} wide, ${scheme}"></a><figcaption>${width} ${scheme}</figcaption></figure>`,
        )
        .join('')}</div></section>`,
  );
  return `<!doctype html><meta charset="utf-8"><title>Screenshots</title><style>
body { margin: 2rem; font: 14px system-ui; background: #777; color: #fff }
div { display: flex; flex-wrap: wrap; gap: 1rem; align-items: start }
figure { margin: 0 } img { height: 22rem; max-width: 48rem; object-fit: contain; object-position: top; display: block }
</style>${sections.join('\n')}\n`;
}
