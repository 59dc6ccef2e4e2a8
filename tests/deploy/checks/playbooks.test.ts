// What every playbook says before it has met a cluster.
import { spawnSync } from 'node:child_process';
import { readdirSync } from 'node:fs';
import { delimiter, dirname, join } from 'node:path';
import { provideTools } from '../tools/provide-tools';
import { repository } from './environments';

const env = {
  ...process.env,
  PATH: [dirname(provideTools().ansibleLint), process.env.PATH].join(delimiter),
  ANSIBLE_CONFIG: join(repository, 'ansible/ansible.cfg'),
};
const playbooks = readdirSync(join(repository, 'ansible')).filter(
  (file) => file.endsWith('.yml') && file !== 'have-inventory.yml',
);

test.each(playbooks)('%s fails where its inventory has another name, and says so', (playbook) => {
  const words = [join('ansible', playbook), '--inventory', 'ansible/inventories/prodution'];
  const { status, stdout } = spawnSync('ansible-playbook', words, { cwd: repository, env, encoding: 'utf8' });
  expect([status, stdout]).toEqual([2, expect.stringMatching(/There is no cluster in that inventory/)]);
});
