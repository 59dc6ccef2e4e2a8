// What is asked of the cluster.
import type { ControlPlane } from './control-plane';

interface Container {
  name: string;
  image: string;
  restartPolicy?: string;
  securityContext?: { capabilities?: { drop?: string[] } };
}

export interface Workload {
  metadata: { name: string; labels?: Record<string, string> };
  spec: {
    replicas: number;
    template: { metadata: { annotations?: Record<string, string>; labels: Record<string, string> }; spec: object };
  };
  status: { readyReplicas?: number; updatedReplicas?: number };
}

interface Pod {
  metadata: { name: string; annotations?: Record<string, string>; deletionTimestamp?: string };
  spec: { containers: Container[]; initContainers?: Container[] };
  status: { conditions?: { type: string; status: string }[] };
}

const namespace = ['--namespace', 'ticketing'];

const list = <T>({ kubectl }: ControlPlane, kinds: string): T[] =>
  (JSON.parse(kubectl([...namespace, 'get', kinds, '--output', 'json'])) as { items: T[] }).items;

/** The image of each deployment. */
export const imagesIn = (plane: ControlPlane): Record<string, string> =>
  Object.fromEntries(
    list<Workload>(plane, 'deployments').map(({ metadata, spec }) => [
      metadata.name,
      (spec.template.spec as { containers: Container[] }).containers[0]?.image ?? '',
    ]),
  );

export const deploymentIn = (plane: ControlPlane, name: string): Workload =>
  JSON.parse(plane.kubectl([...namespace, 'get', 'deployment', name, '--output', 'json'])) as Workload;

/** Of deployments and stateful sets, the names of those whose pods are not all there and ready. */
export const unreadyIn = (plane: ControlPlane): string[] =>
  list<Workload>(plane, 'deployments,statefulsets')
    .filter(({ spec, status }) => status.readyReplicas !== spec.replicas || status.updatedReplicas !== spec.replicas)
    .map(({ metadata }) => metadata.name);

export const podsIn = (plane: ControlPlane): Pod[] =>
  list<Pod>(plane, 'pods').filter(({ metadata }) => !metadata.deletionTimestamp);

/** Asks for one, as Dapr is asked for it. */
export const wantsSidecar = ({ metadata }: Pod): boolean => metadata.annotations?.['dapr.io/enabled'] === 'true';

/** Dapr's, there before the app and until after it, and with no capability. */
export const hasSidecar = ({ spec }: Pod): boolean =>
  (spec.initContainers ?? []).some(
    ({ name, restartPolicy, securityContext }) =>
      name === 'daprd' && restartPolicy === 'Always' && securityContext?.capabilities?.drop?.includes('ALL') === true,
  );

export const namesIn = ({ kubectl }: ControlPlane, kinds: string): string[] =>
  kubectl([...namespace, 'get', kinds, '--output', 'name'])
    .split('\n')
    .filter(Boolean);
