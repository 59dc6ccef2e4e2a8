import { spawnSync } from 'node:child_process';
import { z } from 'zod';
import { type Deployable, listDeployables } from './deployables';
import { imageName } from './overlays';
import { Problem } from './problem';
import { type Origin, requireSameSources } from './same-sources';

export interface Published extends Origin {
  digest: string;
}

/**
 * What the registry holds for the version of each service. Asks through `docker buildx imagetools`, which speaks to any
 * registry that docker is logged in to.
 * @param registry host and path before the image's name: `123.dkr.ecr.eu-central-1.amazonaws.com`
 * @returns undefined for an image that has not been pushed
 */
export function findPublished(registry: string, { name, version }: Deployable): Published | undefined {
  const reference = `${registry}/${imageName(name)}:${version}`;
  const { status, stdout, stderr, error } = spawnSync(
    'docker',
    ['buildx', 'imagetools', 'inspect', reference, '--format', '{{json .}}'],
    { encoding: 'utf8', env: process.env },
  );
  if (error) throw new Problem(`docker is needed to ask the registry, and did not start: ${error.message}`);
  if (status === 0) return readInspection(reference, stdout);
  if (/: not found\s*$|manifest unknown|name unknown/im.test(stderr)) return undefined;
  if (spawnSync('docker', ['buildx', 'version'], { env: process.env }).status !== 0) {
    throw new Problem(
      'docker is here without buildx, which asks the registry: https://docs.docker.com/build/install-buildx/',
    );
  }
  throw new Problem(`The registry did not answer for ${reference}: ${stderr.trim()}`);
}

/**
 * @param ref a commit, branch or tag, for the versions that it has; without it, those that are checked out
 * @throws Problem naming every image that is missing, or the first that was built of other sources than are there
 */
export function findDigests(root: string, registry: string, ref?: string): Record<string, string> {
  const found = listDeployables(root, ref).map((deployable) => ({
    deployable,
    published: findPublished(registry, deployable),
  }));
  const missing = found
    .filter(({ published }) => !published)
    .map(({ deployable }) => `${imageName(deployable.name)}:${deployable.version}`);
  if (missing.length > 0) throw new Problem(`${registry} has no ${missing.join(', no ')}: build and push them first.`);
  for (const { deployable, published } of found) {
    if (published) requireSameSources(root, deployable, published, ref);
  }
  return Object.fromEntries(
    found.flatMap(({ deployable, published }) => (published ? [[deployable.name, published.digest]] : [])),
  );
}

const revisionLabel = 'org.opencontainers.image.revision';
const sourcesLabel = 'ticketing.sources';

const configuration = z.object({ config: z.object({ Labels: z.record(z.string(), z.string()).nullish() }).optional() });

/** As docker tells of an image of one platform, by its configuration; of several, by each platform's name. */
const inspection = z.object({
  manifest: z.object({ digest: z.string().regex(/^sha256:[0-9a-f]+$/) }),
  image: z.union([configuration.required(), z.record(z.string(), configuration)]),
});

function readInspection(reference: string, text: string): Published {
  const { manifest, image } = parseInspection(reference, text);
  const configs = 'config' in image ? [configuration.parse(image)] : Object.values(image);
  const labels = (name: string) => configs.map(({ config }) => config?.Labels?.[name]).find(Boolean);
  const [revision, sources] = [labels(revisionLabel), labels(sourcesLabel)];
  if (!revision) throw new Problem(`${reference} has no label ${revisionLabel}: it was not built by this repository.`);
  return { digest: manifest.digest, revision, sources };
}

function parseInspection(reference: string, text: string): z.infer<typeof inspection> {
  try {
    return inspection.parse(JSON.parse(text));
  } catch {
    throw new Problem(
      `docker did not tell of ${reference} what buildx tells of an image: ${text.trim().slice(0, 100)}`,
    );
  }
}
