// An image that was built once is taken again as long as it would be built of the same.
import { findDeployable } from '../src/deployables';
import { Problem } from '../src/problem';
import { hashSources, requireNewVersions, requireSameSources } from '../src/same-sources';
import { makeRepository, type Repository } from './repository';

let repository: Repository;
let base: string;
beforeEach(() => {
  repository = makeRepository();
  base = repository.commit('base');
});
afterEach(() => repository.remove());

const service = (name: string) => findDeployable(repository.root, name);
/** By the commit, and by the hash: whichever an image has, it is refused or taken. */
const look = (name = 'orders') => {
  const sources = hashSources(repository.root, service(name), base);
  requireSameSources(repository.root, service(name), { revision: base, sources: undefined });
  expect(hashSources(repository.root, service(name))).toBe(sources);
};
const changed = (name: string, what: string) =>
  `${name} 1.0.0 was built from ${base.slice(0, 12)}, and ${what} has changed since: give it a new version, with make version SERVICE=${name} BUMP=patch.`;

describe('An image is refused once', () => {
  test.each([
    ['its source', 'services/orders/src/main.ts'],
    ['what it is compiled by', 'services/orders/tsconfig.json'],
    ['its package.json', 'services/orders/package.json'],
    ['a file of its own kind', 'services/orders/prompts/words.txt'],
    ['shared source', 'services/common/src/main.ts'],
    ['its Dockerfile', 'services/orders/Dockerfile'],
    ['the Dockerfile of all services', 'services/Dockerfile'],
    ["what every workspace's compiler is told", 'tsconfig.base.json'],
    ['what npm is told', '.npmrc'],
    ['what goes into images', '.dockerignore'],
  ])('%s has changed', (_what, file) => {
    const text = file.endsWith('package.json') ? JSON.stringify({ name: '@ticketing/orders', main: 'dist' }) : 'two';
    repository.write(file, text);
    repository.commit('change');
    expect(() => look()).toThrow(changed('orders', file));
  });

  test.each([
    ['that it asks for', 'orders', 'node_modules/express', 'express'],
    ['that those ask for', 'orders', 'node_modules/qs', 'qs'],
    ['that one of those has for itself', 'orders', 'node_modules/express/node_modules/side-channel', 'side-channel'],
    ['of shared code', 'orders', 'node_modules/zod', 'zod'],
    ['that it has for itself', 'tickets', 'services/tickets/node_modules/qs', 'qs'],
    ['that must be there beside another', 'web', 'node_modules/react', 'react'],
    ['that may be there beside another, and is', 'web', 'node_modules/telemetry', 'telemetry'],
    ['for the system of images', 'web', 'node_modules/swc-linux', 'swc-linux'],
    ['that compiles it', 'orders', 'node_modules/typescript', 'typescript'],
    ['that builds it', 'web', 'node_modules/sass', 'sass'],
    ['that such a builder asks for', 'web', 'node_modules/immutable', 'immutable'],
  ])('a package %s has changed', (_what, name, place, told) => {
    repository.update(place);
    repository.commit('change');
    expect(() => look(name)).toThrow(changed(name, `${told} in package-lock.json`));
  });

  test('a package of the same version has other contents', () => {
    repository.update('node_modules/express', '1.0.0');
    repository.commit('change');
    expect(look).toThrow(changed('orders', 'express in package-lock.json'));
  });

  test('a package asks for one that it did not ask for', () => {
    repository.write('package-lock.json', repository.read('package-lock.json').replace('"qs":"^1.0.0",', ''));
    repository.commit('change');
    expect(look).toThrow(changed('orders', 'qs in package-lock.json'));
  });

  test('one that came from further up is another nearby', () => {
    repository.update('node_modules/express/node_modules/qs', '1.1.0');
    repository.commit('change');
    expect(look).toThrow(changed('orders', 'qs in package-lock.json'));
  });
});

describe('An image is taken as it is when', () => {
  test.each([
    ['a test', 'services/orders/test/a.test.ts'],
    ['its version', 'services/orders/deploy/notes.json'],
    ['a page about it', 'services/orders/README.md'],
    ['another service', 'services/tickets/src/main.ts'],
    ["the web client's Dockerfile", 'web/Dockerfile'],
    ['a setting of tests', 'jest.config.cjs'],
  ])('%s has changed', (_what, file) => {
    repository.write(file, 'two');
    repository.commit('change');
    expect(look).not.toThrow();
  });

  test('a script or the version of the whole has changed', () => {
    const whole = JSON.parse(repository.read('package.json')) as object;
    repository.write('package.json', JSON.stringify({ ...whole, version: '0.2.0', scripts: { test: 'jest' } }));
    repository.update('', '0.2.0');
    repository.commit('change');
    expect(look).not.toThrow();
  });

  test.each([
    ['of another image', 'orders', 'node_modules/next'],
    ['that another has for itself', 'orders', 'services/tickets/node_modules/qs'],
    ['that it has in another version of its own', 'tickets', 'node_modules/qs'],
    ['that one of its packages has in a version of its own', 'orders', 'node_modules/side-channel'],
    ['for tests of all', 'orders', 'node_modules/jest'],
    ['for tests of its own', 'orders', 'node_modules/jsqr'],
    ['for tests, beside which one of its own may be', 'web', 'node_modules/jest'],
    ['for another system', 'web', 'node_modules/swc-darwin'],
    ['that builds the web client', 'orders', 'node_modules/sass'],
  ])('a package %s has changed', (_what, name, place) => {
    repository.update(place);
    repository.commit('change');
    expect(() => look(name)).not.toThrow();
  });

  test('a package has moved in the lock file', () => {
    const lock = JSON.parse(repository.read('package-lock.json')) as { packages: Record<string, object> };
    const { 'node_modules/qs': moved = {}, ...packages } = lock.packages;
    packages['node_modules/express/node_modules/qs'] = moved;
    repository.write('package-lock.json', JSON.stringify({ ...lock, packages }));
    repository.commit('change');
    expect(look).not.toThrow();
  });
});

describe('Before it is merged, a change', () => {
  const ask = () => requireNewVersions(repository.root, 'main');
  const give = (name: string, version: string) =>
    repository.write(`${name === 'web' ? 'web' : `services/${name}`}/deploy/version.json`, JSON.stringify({ version }));
  beforeEach(() => repository.git('switch', '--quiet', '--create', 'feature'));

  test('is told each service that changes with it and keeps its version', () => {
    repository.write('services/common/src/main.ts', 'two');
    repository.update('node_modules/react');
    repository.commit('change');
    const change = 'services/common/src/main.ts';
    expect(ask).toThrow(
      new Problem(
        `These change, and keep the versions that they have: orders (${change}), tickets (${change}), web (react in package-lock.json). Give each a new one, as by make version SERVICE=orders BUMP=patch.`,
      ),
    );
    give('orders', '1.0.1');
    give('web', '1.1.0');
    repository.commit('versions');
    expect(ask).toThrow('they have: tickets (services/common/src/main.ts). Give');
    give('tickets', '1.0.1');
    repository.commit('the last');
    expect(ask).not.toThrow();
  });

  test('is asked for nothing by what main has had since, nor for a service that is new', () => {
    repository.write('services/seats/package.json', '{ "name": "@ticketing/seats" }');
    give('seats', '0.1.0');
    const whole = JSON.parse(repository.read('package.json')) as { workspaces: string[] };
    repository.write('package.json', JSON.stringify({ ...whole, workspaces: [...whole.workspaces, 'services/seats'] }));
    repository.commit('feature');
    repository.git('switch', '--quiet', 'main');
    repository.write('services/orders/src/main.ts', 'two');
    repository.commit('main');
    repository.git('switch', '--quiet', 'feature');
    expect(ask).not.toThrow();
  });
});

describe('When the commit of an image is not there any more', () => {
  const lost = 'f'.repeat(40);
  const ask = (sources: string | undefined, ref?: string) => () =>
    requireSameSources(repository.root, service('orders'), { revision: lost, sources }, ref);
  const refused = new Problem(
    'orders 1.0.0 was built from ffffffffffff, and this repository has no such commit (is it fetched?) by which its sources could be known for the same: give it a new version, with make version SERVICE=orders BUMP=patch.',
  );

  test('it is taken by the hash of its sources', () => {
    const sources = hashSources(repository.root, service('orders'));
    expect(ask(sources)).not.toThrow();
    repository.write('services/orders/src/main.ts', 'two');
    repository.commit('change');
    expect(ask(sources)).toThrow(refused);
    expect(ask(sources, base)).not.toThrow();
  });

  test('the service is named, and what to do', () => {
    expect(ask(undefined)).toThrow(refused);
  });
});

test('An image of another hash is taken when its commit has the same: what counts may have been another then', () => {
  const origin = { revision: base, sources: 'of other rules' };
  expect(() => requireSameSources(repository.root, service('orders'), origin)).not.toThrow();
  repository.write('services/orders/src/main.ts', 'two');
  repository.commit('change');
  expect(() => requireSameSources(repository.root, service('orders'), origin)).toThrow(
    changed('orders', 'services/orders/src/main.ts'),
  );
});

test.each([
  ['a source', () => repository.write('services/orders/src/main.ts', 'two')],
  ['a name', () => repository.git('mv', 'services/orders/src/main.ts', 'services/orders/src/start.ts')],
  ['who may run it', () => repository.git('update-index', '--chmod=+x', 'services/orders/src/main.ts')],
  ['a package', () => repository.update('node_modules/express')],
])('The hash of sources is another with %s, and of no other service', (_what, change) => {
  const hashes = (ref: string) => ['orders', 'tickets'].map((name) => hashSources(repository.root, service(name), ref));
  change();
  if (repository.git('diff', '--cached', '--name-only') === '') repository.git('add', '--all');
  repository.git('commit', '--quiet', '--message', 'change');
  const [before, after] = [hashes(base), hashes('HEAD')];
  expect(after[0]).not.toBe(before[0]);
  expect(after[1]).toBe(before[1]);
});

test.each([
  ['not there', undefined, 'There is no package-lock.json at HEAD.'],
  ['not JSON', '<<<<<<< ours', /^package-lock.json at HEAD is not JSON: /],
])('When the lock file is %s, it says so', (_what, text, sentence) => {
  if (text === undefined) repository.git('rm', '--quiet', 'package-lock.json');
  else repository.write('package-lock.json', text);
  repository.commit('change');
  expect(look).toThrow(sentence);
});
