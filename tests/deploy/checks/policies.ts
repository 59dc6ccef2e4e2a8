// What every workload of ours has to keep, as data: a name, and what breaks it. The restricted profile is Kubernetes' own
// (https://kubernetes.io/docs/concepts/security/pod-security-standards/), and stricter where we can be.
import { type Container, containersOf, type Pod, podOf, type Resource, type SecurityContext } from './resource';

export interface Policy {
  name: string;
  /** @returns a sentence for each fault */
  faults(workload: Resource): string[];
}

const pod = (name: string, broken: (pod: Pod) => string | false | undefined): Policy => ({
  name,
  faults: (workload) => [broken(podOf(workload))].filter((fault) => typeof fault === 'string'),
});

const container = (name: string, broken: (container: Container, pod: Pod) => boolean): Policy => ({
  name,
  faults: (workload) => {
    const own = podOf(workload);
    return containersOf(own)
      .filter((one) => broken(one, own))
      .map((one) => one.name);
  },
});

/** A container's word counts before its pod's. */
const setting = <Key extends keyof SecurityContext>(
  one: Container,
  own: Pod,
  key: Key,
): SecurityContext[Key] | undefined => one.securityContext?.[key] ?? own.spec.securityContext?.[key];

const allowedVolumes = ['name', 'configMap', 'emptyDir', 'secret', 'projected', 'persistentVolumeClaim', 'downwardAPI'];

export const policies: Policy[] = [
  pod('shares nothing of its node', ({ spec }) => {
    const shared = spec.hostNetwork || spec.hostPID || spec.hostIPC;
    const odd = (spec.volumes ?? []).flatMap(Object.keys).filter((key) => !allowedVolumes.includes(key));
    return (shared || odd.length > 0) && `it shares ${odd.join(', ') || 'a namespace of its node'}`;
  }),
  container('runs as nobody special', (one, own) => setting(one, own, 'runAsNonRoot') !== true),
  container('names its user, and not root', (one, own) => !setting(one, own, 'runAsUser')),
  container('gains no privileges', ({ securityContext }) => securityContext?.allowPrivilegeEscalation !== false),
  container('is not privileged', ({ securityContext }) => securityContext?.privileged === true),
  container('has no capabilities', ({ securityContext }) => {
    const { add = [], drop = [] } = securityContext?.capabilities ?? {};
    return add.length > 0 || !drop.includes('ALL');
  }),
  container(
    'is confined by seccomp',
    (one, own) => !['RuntimeDefault', 'Localhost'].includes(setting(one, own, 'seccompProfile')?.type ?? ''),
  ),
  container('has its resources limited', ({ resources }) => {
    const said = ['cpu', 'memory'].every((what) => resources?.limits?.[what] && resources.requests?.[what]);
    return !said;
  }),
  container(
    'says when it has started, whether it is ready and whether it lives',
    ({ startupProbe, readinessProbe, livenessProbe }) => !startupProbe || !readinessProbe || !livenessProbe,
  ),
  container('is an image of a version', ({ image }) => !/(@sha256:[0-9a-f]{64}|:(?!latest$)[\w][\w.-]*)$/.test(image)),
  pod('bounds what it writes to the disk of its node', ({ spec }) => {
    const unbounded = (spec.volumes ?? []).filter(({ emptyDir }) => emptyDir && !emptyDir.sizeLimit);
    return unbounded.length > 0 && unbounded.map(({ name }) => name).join(', ');
  }),
  pod('has a service account of its own', ({ spec }) =>
    spec.serviceAccountName && spec.serviceAccountName !== 'default' ? undefined : 'the default service account',
  ),
];

/** Where compiled code is not replaced while it runs, that is everywhere but `skaffold dev`. */
export const sealed: Policy = container(
  'cannot change its own files',
  ({ securityContext }) => securityContext?.readOnlyRootFilesystem !== true,
);
