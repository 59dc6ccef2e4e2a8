// What the restricted profile and Dapr's injector owe each other: without either guard a pod is not made at all.
import { stringify } from 'yaml';
import { deploymentIn } from '../cluster-contents';
import type { DaprControlPlane } from '../dapr-control-plane';
import { expect, tell } from '../report';
import type { Stage } from './stage';

export async function rehearseSidecars({ plane }: Stage, dapr: DaprControlPlane): Promise<void> {
  const { metadata, spec } = deploymentIn(plane, 'orders').spec.template;
  const pod = stringify({
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: { ...metadata, name: 'orders-by-itself', namespace: 'ticketing' },
    spec,
  });
  const asked = () => {
    try {
      return plane.kubectl(['create', '--dry-run=server', '--output', 'yaml', '--filename', '-'], pod);
    } catch (error) {
      return String((error as { stderr?: unknown }).stderr ?? error);
    }
  };

  tell('the injector, away and set up in another way');
  const whole = asked();
  expect('a pod has its sidecar', /name: daprd\b/.test(whole), () => whole);
  await dapr.restartInjector({ SIDECAR_DROP_ALL_CAPABILITIES: 'false' });
  const capable = asked();
  expect(
    'a sidecar that keeps its capabilities is refused',
    /violates PodSecurity "restricted:latest".*daprd/.test(capable),
    () => capable,
  );
  await dapr.stopInjector();
  const alone = asked();
  expect('without the injector no pod is made', /failed calling webhook "sidecar-injector/.test(alone), () => alone);
  await dapr.restartInjector({});
}
