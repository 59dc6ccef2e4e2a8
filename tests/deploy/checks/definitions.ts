// Resources that Kubernetes learns by definitions: of Dapr, cert-manager and the Gateway API, from their published modules.
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import Ajv, { type ValidateFunction } from 'ajv';
import { parse } from 'yaml';
import { goModuleFolder } from '../tools/provide-tools';
import { repository } from './environments';
import type { Resource } from './resource';

interface Definition {
  kind: string;
  spec: {
    group: string;
    names: { kind: string };
    versions: { name: string; schema: { openAPIV3Schema: Schema } }[];
  };
}

interface Schema {
  [key: string]: unknown;
  properties?: Record<string, Schema>;
}

/** Without the patch: what the rehearsal's control plane is of. Manifests are checked against it. */
export const kubernetesVersion = (): string =>
  /k8s\.io\/kubernetes v(\d+\.\d+)\.\d+/.exec(
    readFileSync(join(repository, 'tests/deploy/rehearsal/control-plane/go.mod'), 'utf8'),
  )?.[1] ?? '';

/** As bootstrapping installs them: Dapr's version is that of the local runtime. */
export const definitionSources = () => [
  ['github.com/dapr/dapr', daprVersion(), 'charts/dapr/crds'],
  ['github.com/cert-manager/cert-manager', 'v1.21.2', 'deploy/crds'],
  ['sigs.k8s.io/gateway-api', 'v1.4.0', 'config/crd/standard'],
];

const groups = ['dapr.io', 'cert-manager.io', 'gateway.networking.k8s.io'];
const validators = new Map<string, ValidateFunction>();

/** @returns a sentence for each fault; nothing for what Kubernetes defines by itself */
export function faultsByDefinition(resource: Resource): string[] {
  if (!groups.includes(resource.apiVersion.split('/')[0] ?? '')) return [];
  if (validators.size === 0) readDefinitions();
  const name = `${resource.kind} ${resource.metadata.name}`;
  const validate = validators.get(`${resource.apiVersion} ${resource.kind}`);
  if (!validate) return [`${name}: there is no ${resource.kind} in ${resource.apiVersion}`];
  if (validate(resource)) return [];
  return (validate.errors ?? []).map(
    ({ instancePath, message, params }) => `${name}: ${instancePath} ${message} ${JSON.stringify(params)}`,
  );
}

function readDefinitions(): void {
  const ajv = new Ajv({ strict: false, allErrors: true, validateFormats: false, logger: false });
  for (const [module = '', version = '', folder = ''] of definitionSources()) {
    const where = join(goModuleFolder(module, version), folder);
    for (const file of readdirSync(where).filter((name) => name.endsWith('.yaml'))) {
      const definition = parse(readFileSync(join(where, file), 'utf8')) as Definition;
      if (definition?.kind !== 'CustomResourceDefinition') continue;
      const { group, names, versions } = definition.spec;
      for (const { name, schema } of versions) {
        const closed = closedSchema(schema.openAPIV3Schema);
        validators.set(`${group}/${name} ${names.kind}`, ajv.compile({ ...closed, additionalProperties: true }));
      }
    }
  }
}

/** The API server drops a field that it does not know; here it is a fault, as it was meant to do something. */
function closedSchema(schema: Schema): Schema {
  const copied = Object.fromEntries(
    Object.entries(schema).map(([key, value]) => [
      key,
      key === 'default' || key === 'enum' ? value : closedValue(key, value),
    ]),
  ) as Schema;
  const open =
    'additionalProperties' in schema || schema['x-kubernetes-preserve-unknown-fields'] === true || !schema.properties;
  return open ? copied : { ...copied, additionalProperties: false };
}

function closedValue(key: string, value: unknown): unknown {
  if (Array.isArray(value) || typeof value !== 'object' || value === null) return value;
  if (key === 'properties') {
    return Object.fromEntries(Object.entries(value).map(([name, one]) => [name, closedSchema(one as Schema)]));
  }
  return closedSchema(value as Schema);
}

const daprVersion = (): string =>
  /^require github\.com\/dapr\/dapr (\S+)$/m.exec(
    readFileSync(join(repository, 'dapr/runtime/daprd/go.mod'), 'utf8'),
  )?.[1] ?? '';
