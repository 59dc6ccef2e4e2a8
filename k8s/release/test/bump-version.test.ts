import { bumpVersion } from '../src/bump-version';
import { findDeployable, listDeployables } from '../src/deployables';
import { makeRepository, type Repository } from './repository';

let repository: Repository;
beforeEach(() => {
  repository = makeRepository();
});
afterEach(() => repository.remove());

const bump = (name: string, by: string) => bumpVersion(repository.root, findDeployable(repository.root, name), by);
const versions = () => Object.fromEntries(listDeployables(repository.root).map(({ name, version }) => [name, version]));

test.each([
  ['major', '2.0.0'],
  ['minor', '1.1.0'],
  ['patch', '1.0.1'],
  ['1.4.0-rc.1', '1.4.0-rc.1'],
])('When a version is bumped by %s, the service is at %s and the others are where they were', (by, version) => {
  expect(bump('orders', by)).toBe(version);
  expect(versions()).toEqual({ orders: version, tickets: '1.0.0', web: '1.0.0' });
});

test('When a version is bumped, every overlay has it, and keeps its comments and its own names', () => {
  bump('orders', 'minor');
  expect(repository.read('k8s/overlays/eks/kustomization.yaml')).toBe(
    '# Where it runs for real.\nresources: [../../base]\nimages:\n  - name: ticketing-orders\n    newName: example.com/orders # ours\n    newTag: 1.1.0\n  - { name: ticketing-tickets, newTag: 1.0.0 }\n  - { name: ticketing-web, newTag: 1.0.0 }\n',
  );
});

test('When versions are bumped, the changelog tells the latest of each under what is not released', () => {
  bump('orders', 'minor');
  bump('tickets', 'patch');
  bump('orders', 'minor');
  expect(repository.read('CHANGELOG.md')).toBe(
    '# Changelog\n\n## [Unreleased]\n\n### Added\n\n- Doors.\n\n### Versions\n\n- orders 1.2.0\n- tickets 1.0.1\n\n## [1.0.0]\n\n- All.\n',
  );
});

describe('Nothing is written when', () => {
  test.each([
    ['there is no such service', 'seats', 'minor', 'There is no service seats: choose one of orders, tickets, web.'],
    ['the bump is none', 'orders', 'big', 'BUMP is big: say major, minor, patch, or a version such as 1.4.0.'],
    ['the bump is missing', 'orders', '', 'BUMP is missing: say major, minor, patch, or a version such as 1.4.0.'],
    ['the version is the same', 'orders', '1.0.0', 'orders is at 1.0.0 already'],
    ['the version is an earlier one', 'orders', '0.9.0', 'orders is at 1.0.0 already'],
  ])('%s', (_what, name, by, sentence) => {
    repository.commit('before');
    expect(() => bump(name, by)).toThrow(sentence);
    expect(repository.git('status', '--porcelain')).toBe('');
  });

  test('an overlay has no image for a service', () => {
    repository.write('k8s/overlays/kind/kustomization.yaml', 'images:\n  - { name: ticketing-web, newTag: 1.0.0 }\n');
    repository.commit('before');
    expect(() => bump('orders', 'patch')).toThrow(
      'k8s/overlays/kind/kustomization.yaml has no image with a newTag for ticketing-orders.',
    );
    expect(repository.git('status', '--porcelain')).toBe('');
  });

  test('the changelog has no place for it', () => {
    repository.write('CHANGELOG.md', '# Changelog\n');
    repository.commit('before');
    expect(() => bump('orders', 'patch')).toThrow('CHANGELOG.md has no heading');
    expect(repository.git('status', '--porcelain')).toBe('');
  });
});

test.each([
  ['not JSON', 'version: 1'],
  ['not a semantic version', '{ "version": "v1" }'],
  ['more than a version', '{ "version": "1.0.0", "tag": "x" }'],
])('A version.json that is %s is named', (_what, text) => {
  repository.write('services/orders/deploy/version.json', text);
  expect(() => listDeployables(repository.root)).toThrow('services/orders/deploy/version.json');
});
