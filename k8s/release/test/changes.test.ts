// What a change reaches.
import { affectedFolders } from '../src/affected';
import { makeRepository, type Repository } from './repository';

let repository: Repository;
let base: string;
beforeEach(() => {
  repository = makeRepository();
  base = repository.commit('base');
});
afterEach(() => repository.remove());

describe('A change', () => {
  test.each([
    ['of a service reaches that service', 'services/orders/src/main.ts', ['services/orders']],
    ['of a test reaches its service', 'services/orders/test/a.test.ts', ['services/orders']],
    [
      'of shared code reaches all that is built from it',
      'services/common/src/main.ts',
      ['services/common', 'services/orders', 'services/tickets'],
    ],
    ['of the web client reaches the web client', 'web/src/main.ts', ['web']],
    [
      'of the lock file reaches all',
      'package-lock.json',
      ['services/common', 'services/orders', 'services/tickets', 'web'],
    ],
    ['of prose reaches no service', 'README.md', []],
    ['of documents reaches no service', 'docs/a.md', []],
  ])('%s', (_what, file, folders) => {
    repository.write(file, 'two');
    repository.commit('change');
    expect(affectedFolders(repository.root, base, 'HEAD')).toEqual(folders);
  });

  test('reaches the tests across services, prose too: they hold it to the code', () => {
    repository.write('tests/package.json', '{ "name": "@ticketing/tests" }');
    const whole = JSON.parse(repository.read('package.json')) as { workspaces: string[] };
    repository.write('package.json', JSON.stringify({ ...whole, workspaces: [...whole.workspaces, 'tests'] }));
    const before = repository.commit('tests');
    expect(affectedFolders(repository.root, before, 'HEAD')).toEqual([]);
    repository.write('docs/a.md', 'two');
    const documented = repository.commit('document');
    expect(affectedFolders(repository.root, before, 'HEAD')).toEqual(['tests']);
    repository.write('web/src/main.ts', 'two');
    repository.commit('page');
    expect(affectedFolders(repository.root, documented, 'HEAD')).toEqual(['web', 'tests']);
  });

  test('that moves a file reaches both its homes', () => {
    repository.write('services/orders/src/moved.ts', 'long enough to be seen as moved\n'.repeat(9));
    const before = repository.commit('file');
    repository.git('mv', 'services/orders/src/moved.ts', 'web/src/moved.ts');
    repository.commit('move');
    expect(affectedFolders(repository.root, before, 'HEAD')).toEqual(['services/orders', 'web']);
  });

  test('counts from where the branch left, not what main has had since', () => {
    repository.git('switch', '--quiet', '--create', 'feature');
    repository.write('web/src/main.ts', 'two');
    repository.commit('feature');
    repository.git('switch', '--quiet', 'main');
    repository.write('services/orders/src/main.ts', 'two');
    repository.commit('main');
    expect(affectedFolders(repository.root, 'main', 'feature')).toEqual(['web']);
  });

  test('from a commit that is not there is refused', () => {
    expect(() => affectedFolders(repository.root, 'nowhere', 'HEAD')).toThrow(
      'This repository has no commit, branch or tag nowhere: is it fetched?',
    );
  });

  test('from what looks like an option is refused', () => {
    expect(() => affectedFolders(repository.root, '--output=x', 'HEAD')).toThrow('has no commit, branch or tag');
  });
});
