import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { isMap, isScalar, isSeq, parseDocument } from 'yaml';
import type { Deployable } from './deployables';
import { Problem } from './problem';

/** What the manifests call the image of a service; overlays say where it is to be had. */
export const imageName = (service: string): string => `ticketing-${service}`;

export interface Overlay {
  file: string;
  text: string;
}

/**
 * Every overlay with these versions in its `images:`, and nothing else touched; not written yet.
 * @throws Problem when an overlay lacks the image of a service
 */
export function overlaysWith(root: string, services: Pick<Deployable, 'name' | 'version'>[]): Overlay[] {
  const folder = join(root, 'k8s/overlays');
  const versions = new Map(services.map(({ name, version }) => [imageName(name), version]));
  return readdirSync(folder).map((overlay) => {
    const file = join(folder, overlay, 'kustomization.yaml');
    return { file, text: withVersions(readFileSync(file, 'utf8'), versions, `k8s/overlays/${overlay}`) };
  });
}

export function writeOverlays(overlays: Overlay[]): void {
  for (const { file, text } of overlays) writeFileSync(file, text);
}

function withVersions(kustomization: string, versions: ReadonlyMap<string, string>, overlay: string): string {
  const images = parseDocument(kustomization).get('images');
  const entries = isSeq(images) ? images.items.filter(isMap) : [];
  const tags = new Map(entries.map((entry) => [String(entry.get('name')), entry.get('newTag', true)]));
  const places = [...versions].map(([name, version]) => {
    const tag = tags.get(name);
    if (!isScalar(tag) || !tag.range) {
      throw new Problem(`${overlay}/kustomization.yaml has no image with a newTag for ${name}.`);
    }
    return { start: tag.range[0], end: tag.range[1], version };
  });
  // From the end, so that what stands before keeps its place.
  return places
    .sort((one, other) => other.start - one.start)
    .reduce((text, { start, end, version }) => text.slice(0, start) + version + text.slice(end), kustomization);
}
