// What each environment deploys, as `kustomize build` makes it.
import { execFileSync } from 'node:child_process';
import { mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, relative, resolve } from 'node:path';
import { parseAllDocuments } from 'yaml';
import { provideTools } from '../tools/provide-tools';
import type { Resource } from './resource';

export const repository = resolve(__dirname, '../../..');

interface EnvironmentSource {
  folder: string;
  /** Opt-ins of k8s/components that the folder does not take in by itself. */
  components?: string[];
}

/** Those that are deployed, the variants of kind, and one with every opt-in. */
export const environments = {
  kind: { folder: 'k8s/overlays/kind' },
  'kind with NATS': { folder: 'k8s/kind/nats' },
  'kind for development': { folder: 'k8s/kind/dev' },
  'kind without the web client': { folder: 'k8s/kind/dev-api' },
  staging: { folder: 'k8s/overlays/staging' },
  eks: { folder: 'k8s/overlays/eks' },
  'eks with all opt-ins': { folder: 'k8s/overlays/eks', components: ['observability', 'nats-metrics', 'gateway-api'] },
} satisfies Record<string, EnvironmentSource>;

export type Environment = keyof typeof environments;

export const environmentNames = Object.keys(environments) as Environment[];

const texts = new Map<Environment, string>();

/** Its manifests as one text. @throws Error with what kustomize said */
export function renderEnvironment(environment: Environment): string {
  const text = texts.get(environment) ?? render(environments[environment]);
  texts.set(environment, text);
  return text;
}

export const buildEnvironment = (environment: Environment): Resource[] => resourcesIn(renderEnvironment(environment));

export const resourcesIn = (text: string): Resource[] =>
  parseAllDocuments(text).map((document) => document.toJS() as Resource);

/** With what an operator writes into the overlay. */
export const buildWith = (source: EnvironmentSource, words: object): Resource[] => resourcesIn(render(source, words));

function render({ folder, components = [] }: EnvironmentSource, words: object = {}): string {
  if (components.length === 0 && Object.keys(words).length === 0) return kustomizeBuild(join(repository, folder));
  const scratch = realpathSync(mkdtempSync(join(tmpdir(), 'ticketing-overlay-')));
  const kustomization = {
    apiVersion: 'kustomize.config.k8s.io/v1beta1',
    kind: 'Kustomization',
    namespace: 'ticketing',
    resources: [relative(scratch, join(repository, folder))],
    components: components.map((component) => relative(scratch, join(repository, 'k8s/components', component))),
    ...words,
  };
  try {
    writeFileSync(join(scratch, 'kustomization.yaml'), JSON.stringify(kustomization));
    return kustomizeBuild(scratch);
  } finally {
    rmSync(scratch, { recursive: true, force: true });
  }
}

function kustomizeBuild(folder: string): string {
  try {
    const options = { encoding: 'utf8', stdio: 'pipe', maxBuffer: 64 * 1024 * 1024 } as const;
    return execFileSync(provideTools().kustomize, ['build', folder], options);
  } catch (error) {
    throw new Error(`kustomize build ${folder}: ${(error as { stderr?: string }).stderr ?? error}`, { cause: error });
  }
}
