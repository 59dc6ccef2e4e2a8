// What cannot be deployed: one sentence each, and nothing applied.
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { listDeployables } from '../../../../k8s/release/src/deployables';
import { imagesIn } from '../cluster-contents';
import type { Play } from '../playbooks';
import { expect, tell } from '../report';
import { same } from './releases';
import type { Stage } from './stage';

export async function rehearseBadInput({ plane, clone, folder, aws }: Stage, play: Play): Promise<void> {
  tell('what cannot be deployed');
  const before = imagesIn(plane);
  clone.write('services/orders/deploy/version.json', () => '{ "version": "one" }');
  clone.release('E', {});
  clone.git('revert', '--no-edit', 'HEAD');
  clone.git('rm', '--quiet', 'services/orders/deploy/version.json');
  clone.release('F', {});
  const digests = join(folder('digests'), 'digests.json');
  writeFileSync(digests, JSON.stringify({ orders: `sha256:${'1'.repeat(64)}` }));
  const short = join(folder('wrong-digests'), 'digests.json');
  writeFileSync(short, '{"orders": "sha256:1"}');
  const withoutOrders = join(folder('digests-without-orders'), 'digests.json');
  const others = listDeployables(clone.root).map(({ name }) => [name, `sha256:${'2'.repeat(64)}`]);
  writeFileSync(withoutOrders, JSON.stringify(Object.fromEntries(others)));
  const wrong: [what: string, variables: Record<string, unknown>, sentence: RegExp][] = [
    ['a tag that is not there', { ref: 'nowhere' }, /no release, commit or branch nowhere/],
    ['a version that is none', { ref: 'E' }, /services\/orders\/deploy\/version\.json at E must be/],
    ['no release', {}, /Say what to deploy/],
    [
      'a release whose images were not pushed',
      { ref: 'B', registry: 'elsewhere.example.net' },
      /B has not all its images: elsewhere\.example\.net has no ticketing-auth:/,
    ],
    ['a file that is not there', { ref: 'B', digests_file: `${short}.away` }, /is not there, or is no JSON object/],
    ['digests that are none', { ref: 'B', digests_file: short }, /is not there, or is no JSON object/],
    [
      'a service that has lost its version',
      { ref: 'F', digests_file: withoutOrders },
      /F names images of services that have no deploy\/version\.json there: orders/,
    ],
    ['a release without images', { ref: 'B', digests_file: digests }, /B has no image for .*tickets/],
    ['a context that is not there', { ref: 'B', kube_context: 'elsewhere' }, /knows no context elsewhere/],
    ['the cluster of another environment', { ref: 'B', cluster_environment: 'staging' }, /is that of production/],
    ["nobody's word for it", { ref: 'B', ask_before_changes: true }, /That is not rehearsal: nothing was changed/],
  ];
  const refused = async (what: string, variables: Record<string, unknown>, sentence: RegExp) => {
    const outcome = await play('deploy', variables);
    expect(
      `${what}: one sentence, and nothing applied`,
      outcome.code !== 0 && sentence.test(outcome.said) && same(imagesIn(plane), before),
      () => outcome.output,
    );
  };
  for (const one of wrong) await refused(...one);
  const setPassword = (password: string) => {
    const patch = JSON.stringify({ stringData: { 'nats-password': password } });
    plane.kubectl(['--namespace', 'ticketing', 'patch', 'secret', 'stores', '--type', 'merge', '--patch', patch]);
  };
  setPassword("a', user: 'b");
  await refused(
    'a password that NATS would read as more',
    { ref: 'B' },
    /lacks what B reads of these secrets: stores\/nats-password\./,
  );
  setPassword('rehearsal');
  aws.deleteSecret('stripe-secret');
  await refused(
    'a secret of AWS that is to be deleted',
    { ref: 'B' },
    /lacks what B reads of these secrets: stripe-secret \(AWS\)/,
  );
  await plane.stop();
  const away = await play('deploy', { ref: 'B' });
  expect(
    'a cluster that is away: one sentence',
    away.code !== 0 && /rehearsal does not answer/.test(away.said),
    () => away.output,
  );
}
