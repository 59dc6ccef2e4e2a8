// What the release tool takes for the sources of an image, against what the Dockerfiles take.
import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { listDeployables, listWorkspaces } from '../../../k8s/release/src/deployables';
import { builders, type Lock, packagesOfImage } from '../../../k8s/release/src/locked-packages';
import { sourceFilter } from '../../../k8s/release/src/same-sources';
import { checkedOut } from '../../../k8s/release/src/tree';
import { ignoredBy } from '../images/build-context';
import { readDockerfile, withVariables } from '../images/read-dockerfile';
import { repository } from './environments';

const read = (file: string) => readFileSync(join(repository, file), 'utf8');
const committed = execFileSync('git', ['ls-files', '-z'], { cwd: repository, encoding: 'utf8' })
  .split('\0')
  // One that was removed and not yet committed is still listed.
  .filter((file) => file !== '' && existsSync(join(repository, file)));
const isIgnored = ignoredBy(read('.dockerignore'));
const workspaces = listWorkspaces(checkedOut(repository));
const lock = JSON.parse(read('package-lock.json')) as Lock;

/** `web/Dockerfile` is the web client's, `services/Dockerfile` its neighbours'. */
const dockerfileOf = (folder: string) =>
  committed.find((file) => file === `${folder}/Dockerfile`) ?? join(dirname(folder), 'Dockerfile');

/** What a Dockerfile copies out of its context; of these two, only the packages in the lock file reach an image. */
function copied(service: string, folder: string): (file: string) => boolean {
  const { stages } = readDockerfile(read(dockerfileOf(folder)));
  const places = stages
    .flatMap(({ instructions }) => instructions)
    .filter(({ word, flags }) => word === 'COPY' && flags.from === undefined)
    .flatMap(({ rest }) => withVariables(rest, { SERVICE: service }).split(/\s+/).slice(0, -1))
    .map((place) => place.replace(/\/$/, ''));
  const ofPackages = ['package.json', 'package-lock.json'];
  return (file) =>
    !isIgnored(file) &&
    !ofPackages.includes(file) &&
    places.some((place) => file === place || file.startsWith(`${place}/`));
}

describe.each(listDeployables(repository).map((deployable) => [deployable.name, deployable] as const))(
  '%s',
  (name, deployable) => {
    const isSource = sourceFilter(deployable, workspaces);
    const isCopied = copied(name, deployable.folder);

    test('is built from what its Dockerfile copies, that Dockerfile, and what .dockerignore lets in', () => {
      const sources = committed.filter(
        (file) => isCopied(file) || file === dockerfileOf(deployable.folder) || file === '.dockerignore',
      );
      expect(sources.length).toBeGreaterThan(10);
      expect(committed.filter(isSource)).toEqual(sources);
    });

    test('would be built from files that nobody has written yet', () => {
      const names = ['public/a.png', 'src/a.md', 'src/test/a.ts', 'a.config.mjs', 'scripts/a.mjs'];
      const files = [deployable.folder, 'services/common', 'tests'].flatMap((folder) =>
        names.map((one) => `${folder}/${one}`),
      );
      expect(files.filter((file) => isCopied(file) && !isSource(file))).toEqual([]);
    });

    test('holds the packages that it asks for, and none that are for tests', () => {
      const held = new Set(packagesOfImage(lock, deployable.folder).map(({ name: one }) => one));
      const { dependencies = {} } = JSON.parse(read(`${deployable.folder}/package.json`)) as { dependencies?: object };
      expect([...held]).toEqual(expect.arrayContaining([...Object.keys(dependencies), 'typescript']));
      expect(['jest', 'supertest', '@biomejs/biome'].filter((one) => held.has(one))).toEqual([]);
    });
  },
);

test('What is installed for development and builds images is known as such; the rest describes types, or is for tests', () => {
  const programs = ['services/Dockerfile', 'web/Dockerfile'].flatMap((file) =>
    [...read(file).matchAll(/npx (\S+)/g)].map(([, program = '']) => program),
  );
  const bins = builders.flatMap((name) =>
    Object.keys((JSON.parse(read(`node_modules/${name}/package.json`)) as { bin: object }).bin),
  );
  expect(programs).toContain('tsc');
  expect(programs.filter((program) => !bins.includes(program))).toEqual([]);
  const folders = ['services/common', ...listDeployables(repository).map(({ folder }) => folder)];
  const unexplained = folders.flatMap((folder) => {
    const { devDependencies = {} } = JSON.parse(read(`${folder}/package.json`)) as { devDependencies?: object };
    const tests = committed.filter((file) => file.startsWith(`${folder}/test/`) && /\.tsx?$/.test(file)).map(read);
    return Object.keys(devDependencies)
      .filter((name) => !builders.includes(name) && !name.startsWith('@types/'))
      .filter((name) => !tests.some((text) => text.includes(`'${name}`)))
      .map((name) => `${folder}: ${name}`);
  });
  expect(unexplained).toEqual([]);
});
