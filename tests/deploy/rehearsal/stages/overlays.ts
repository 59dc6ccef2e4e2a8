// Each overlay as it stands, whole, in a cluster of its own for as long: validated by the server, every pod made and
// admitted. (Production's is what releases deploy, later.)
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { stringify } from 'yaml';
import { hasSidecar, namesIn, podsIn, unreadyIn, wantsSidecar } from '../cluster-contents';
import { expect, tell } from '../report';
import { until } from '../until';
import type { Stage } from './stage';

const strictly = ['--server-side', '--validate=strict'];

export async function rehearseOverlays({ plane, clone }: Stage): Promise<void> {
  for (const overlay of ['kind', 'staging']) {
    tell(`the overlay ${overlay}`);
    plane.kubectl(['apply', ...strictly, '--kustomize', join(clone.root, 'k8s/overlays', overlay)]);
    const ready = await until('its pods', 180_000, () => unreadyIn(plane).length === 0).then(
      () => true,
      () => false,
    );
    const events = () =>
      plane.kubectl(['--namespace', 'ticketing', 'get', 'events', '--field-selector', 'type=Warning']);
    expect('every pod is admitted under the restricted profile, and ready', ready, () => [unreadyIn(plane), events()]);
    const pods = podsIn(plane).filter(wantsSidecar);
    expect(`each of ${pods.length} pods of services has its sidecar`, pods.length >= 7 && pods.every(hasSidecar), () =>
      pods.filter((pod) => !hasSidecar(pod)),
    );
    const services = namesIn(plane, 'services');
    expect('each has an address for the others', services.includes('service/orders-dapr'), () => services);
    plane.kubectl(['delete', 'namespace', 'ticketing', '--timeout=180s']);
    plane.kubectl(['apply', '--server-side', '--field-manager', 'ticketing', '--filename', namespaceIn(clone.root)]);
    // As bootstrap has it.
    plane.kubectl(['label', 'namespace', 'ticketing', 'ticketing/environment=production']);
  }

  tell('the routes as a Gateway has them');
  const folder = join(clone.root, 'k8s/overlays/gateway');
  mkdirSync(folder);
  writeFileSync(
    join(folder, 'kustomization.yaml'),
    stringify({ namespace: 'ticketing', resources: ['../../base'], components: ['../../components/gateway-api'] }),
  );
  const answer = plane.kubectl(['apply', ...strictly, '--dry-run=server', '--kustomize', folder]);
  expect('the server takes them', /httproute\S* serverside-applied/.test(answer), () => answer);
}

const namespaceIn = (root: string) => join(root, 'k8s/base/namespace.yaml');
