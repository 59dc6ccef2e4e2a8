/** The parts of Kubernetes resources that the checks look at. */
export interface Resource {
  apiVersion: string;
  kind: string;
  metadata: { name: string; namespace?: string; labels?: Labels; annotations?: Labels };
  /** By kind: see the readers below. */
  spec?: object;
  data?: Record<string, string>;
  rules?: { resources: string[]; resourceNames?: string[]; verbs: string[] }[];
  subjects?: { kind: string; name: string; namespace?: string }[];
  scopes?: string[];
  auth?: { secretStore: string };
}

export type Labels = Record<string, string>;

export interface SecurityContext {
  runAsNonRoot?: boolean;
  runAsUser?: number;
  privileged?: boolean;
  allowPrivilegeEscalation?: boolean;
  readOnlyRootFilesystem?: boolean;
  capabilities?: { add?: string[]; drop?: string[] };
  seccompProfile?: { type: string };
}

export interface SecretKey {
  name: string;
  key: string;
}

export interface Container {
  name: string;
  image: string;
  args?: string[];
  env?: { name: string; value?: string; valueFrom?: { secretKeyRef?: SecretKey } }[];
  envFrom?: { configMapRef?: { name: string } }[];
  ports?: { name: string; containerPort: number }[];
  startupProbe?: object;
  readinessProbe?: object;
  livenessProbe?: object;
  resources?: { requests?: Labels; limits?: Labels };
  securityContext?: SecurityContext;
  volumeMounts?: { name: string; mountPath: string }[];
}

export interface Pod {
  metadata: { labels: Labels; annotations?: Labels };
  spec: {
    serviceAccountName?: string;
    automountServiceAccountToken?: boolean;
    hostNetwork?: boolean;
    hostPID?: boolean;
    hostIPC?: boolean;
    securityContext?: SecurityContext;
    containers: Container[];
    initContainers?: Container[];
    volumes?: {
      name: string;
      hostPath?: object;
      emptyDir?: { sizeLimit?: string };
      configMap?: { name: string; optional?: boolean };
      secret?: { secretName: string };
    }[];
    topologySpreadConstraints?: object[];
  };
}

export interface Workload {
  replicas?: number;
  selector: { matchLabels: Labels };
  template: Pod;
}

export interface Selector {
  matchLabels?: Labels;
  matchExpressions?: { key: string; operator: string; values?: string[] }[];
}

export interface NetworkPolicySpec {
  podSelector: Selector;
  policyTypes: string[];
  ingress?: { from?: Peer[]; ports?: { port: number }[] }[];
  egress?: { to?: Peer[]; ports?: { port: number }[] }[];
}

export interface Peer {
  podSelector?: Selector;
  namespaceSelector?: Selector;
  ipBlock?: { cidr: string };
}

export interface IngressSpec {
  tls?: { hosts: string[]; secretName: string }[];
  rules: { host: string; http: { paths: IngressPath[] } }[];
}

export interface IngressPath {
  path: string;
  pathType: string;
  backend: { service: { name: string; port: { name: string } } };
}

export interface ComponentSpec {
  type: string;
  metadata: { name: string; value?: string; envRef?: string; secretKeyRef?: SecretKey }[];
}

export const specOf = <Spec>(resource: Resource): Spec => resource.spec as Spec;

export const ofKind = (resources: Resource[], ...kinds: string[]): Resource[] =>
  resources.filter(({ kind }) => kinds.includes(kind));

export const workloadsIn = (resources: Resource[]): Resource[] =>
  ofKind(resources, 'Deployment', 'StatefulSet', 'DaemonSet', 'Job', 'CronJob');

export const podOf = (workload: Resource): Pod => specOf<Workload>(workload).template;

export const containersOf = ({ spec }: Pod): Container[] => [...(spec.initContainers ?? []), ...spec.containers];

export const selects = ({ matchLabels = {}, matchExpressions = [] }: Selector, labels: Labels): boolean =>
  Object.entries(matchLabels).every(([key, value]) => labels[key] === value) &&
  matchExpressions.every(({ key, operator, values = [] }) => {
    if (operator !== 'In') throw new Error(`a selector here says ${operator}, which this reader does not know`);
    return values.includes(labels[key] ?? '');
  });
