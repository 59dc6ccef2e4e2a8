import { findRelease } from '../src/find-release';
import { Problem } from '../src/problem';
import { makeRepository, type Repository } from './repository';

// As it is checked out at GitHub: branches are those of origin, and none is here.
let repository: Repository;
let commits: { first: string; main: string; staging: string; unmerged: string };
beforeEach(() => {
  repository = makeRepository();
  const first = repository.commit('first');
  const next = (branch: string) => {
    repository.git('commit', '--quiet', '--allow-empty', '--message', branch);
    repository.git('update-ref', `refs/remotes/origin/${branch}`, 'HEAD');
    return repository.git('rev-parse', 'HEAD');
  };
  commits = { first, main: next('main'), staging: next('staging'), unmerged: next('unmerged') };
  repository.git('tag', 'v1.0.0', first);
  repository.git('tag', '--annotate', '--message', 'the second', 'v1.1.0', commits.main);
  repository.git('tag', 'mine', commits.unmerged);
});
afterEach(() => repository.remove());

const find = (name: string, ...branches: string[]) => findRelease(repository.root, name, branches);

test('A release is the one commit that its name leads to: tag, branch of origin, id or its beginning', () => {
  const { first, main, staging } = commits;
  for (const name of ['v1.0.0', first, first.slice(0, 7)]) expect(find(name, 'main')).toBe(first);
  for (const name of ['v1.1.0', 'main', main, main.slice(0, 12)]) expect(find(name, 'main')).toBe(main);
  expect(find('staging', 'main', 'staging')).toBe(staging);
});

test.each([
  ['a branch that nobody merged', () => 'unmerged'],
  ['a tag on it', () => 'mine'],
  ['its commit', () => commits.unmerged],
])('%s is refused', (_what, name) => {
  expect(() => find(name(), 'main', 'staging')).toThrow(
    new Problem(`${name()} (${commits.unmerged.slice(0, 12)}) is not merged into main or staging.`),
  );
});

test('What staging has is no release of main', () => {
  expect(() => find('staging', 'main')).toThrow('is not merged into main.');
});

describe('What could be several is refused, whichever git would take', () => {
  test.each([
    ['a tag and a branch', 'v9', () => ['refs/tags/v9', 'refs/remotes/origin/v9']],
    ['a tag and the beginning of a commit', undefined, (name: string) => [`refs/tags/${name}`]],
    ['a branch and the beginning of a commit', undefined, (name: string) => [`refs/remotes/origin/${name}`]],
  ])('%s', (_what, given, refs) => {
    const name = given ?? commits.main.slice(0, 8);
    const [one = '', other] = refs(name);
    repository.git('update-ref', one, commits.unmerged);
    if (other) repository.git('update-ref', other, commits.main);
    expect(() => find(name, 'main')).toThrow(/could be [0-9a-f]{40} or [0-9a-f]{40} \(tag, branch, commit\)/);
    repository.git('update-ref', one, commits.main);
    expect(find(name, 'main')).toBe(commits.main);
  });
});

test.each(['v9', '', 'main~1', 'refs/tags/v1.0.0', 'HEAD', '--all', 'ma*', 'abc', 'f'.repeat(40)])(
  'There is none of the name %p',
  (name) => {
    expect(() => find(name, 'main')).toThrow(
      new Problem(`This repository has no tag, branch or commit ${name || '""'}.`),
    );
  },
);

test('A tag that names no commit is none', () => {
  repository.git('tag', 'tree', `${commits.main}^{tree}`);
  expect(() => find('tree', 'main')).toThrow('has no tag, branch or commit tree.');
});
