/** Volumes that wait to be claimed: no driver makes any here. */
export const volumesOfClass = (storageClassName: string, count: number) =>
  Array.from({ length: count }, (_, index) => ({
    apiVersion: 'v1',
    kind: 'PersistentVolume',
    metadata: { name: `${storageClassName}-${index}` },
    spec: {
      storageClassName,
      capacity: { storage: '20Gi' },
      accessModes: ['ReadWriteOnce'],
      persistentVolumeReclaimPolicy: 'Retain',
      csi: { driver: 'ebs.csi.aws.com', volumeHandle: `${storageClassName}-${index}` },
    },
  }));
