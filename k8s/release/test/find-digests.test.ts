// What the registry holds, asked through docker: here a program of that name answers what docker would.
import { chmodSync, mkdirSync, writeFileSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { findDeployable } from '../src/deployables';
import { findDigests, findPublished } from '../src/find-digests';
import { Problem } from '../src/problem';
import { hashSources } from '../src/same-sources';
import { makeRepository, type Repository } from './repository';

let repository: Repository;
let built: string;
const path = process.env.PATH;
beforeEach(() => {
  repository = makeRepository();
  built = repository.commit('built');
});
afterEach(() => {
  process.env.PATH = path;
  repository.remove();
});

/** `docker buildx imagetools inspect REFERENCE --format F`, from what each reference is answered with; and `docker buildx version`. */
function install(answers: Record<string, { stdout?: unknown; stderr?: string }>): void {
  const bin = join(repository.root, 'bin');
  mkdirSync(bin, { recursive: true });
  writeFileSync(
    join(bin, 'docker'),
    `#!${process.execPath}
if (process.argv[3] === 'version') process.exit(0);
const answer = ${JSON.stringify(answers)}[process.argv[5]] ?? { stderr: 'ERROR: ' + process.argv[5] + ': not found' };
if (answer.stderr) { process.stderr.write(answer.stderr); process.exit(1); }
process.stdout.write(JSON.stringify(answer.stdout));
`,
  );
  chmodSync(join(bin, 'docker'), 0o755);
  process.env.PATH = `${bin}${delimiter}${path}`;
}

const image = (digest: string, labels: Record<string, string> = {}) => ({
  stdout: {
    manifest: { digest },
    image: { config: { Labels: { 'org.opencontainers.image.revision': built, ...labels } } },
  },
});
const orders = () => findDeployable(repository.root, 'orders');

test('An image that is there is known by its digest, and by what it was built from', () => {
  install({ 'example.com/orders/ticketing-orders:1.0.0': image('sha256:1', { 'ticketing.sources': '0a1b' }) });
  const known = { digest: 'sha256:1', revision: built, sources: '0a1b' };
  expect(findPublished('example.com/orders', orders())).toEqual(known);
});

test('An image for several platforms is known, too', () => {
  const { image: one } = image('sha256:1').stdout;
  install({
    'r/ticketing-orders:1.0.0': {
      stdout: { manifest: { digest: 'sha256:2' }, image: { 'linux/amd64': one, 'linux/arm64': one } },
    },
  });
  expect(findPublished('r', orders())).toEqual({ digest: 'sha256:2', revision: built, sources: undefined });
});

test('An image that is not there is not an error: it is yet to be built', () => {
  install({});
  expect(findPublished('r', orders())).toBeUndefined();
});

test.each([
  [
    'the registry refuses',
    { stderr: 'ERROR: 403 Forbidden' },
    'The registry did not answer for r/ticketing-orders:1.0.0: ERROR: 403 Forbidden',
  ],
  [
    'somebody else built the image',
    { stdout: { manifest: { digest: 'sha256:3' }, image: { config: {} } } },
    'was not built by this repository',
  ],
  [
    'docker tells something else',
    { stdout: 'Usage: docker' },
    'docker did not tell of r/ticketing-orders:1.0.0 what buildx tells of an image: "Usage: docker"',
  ],
])('When %s, it says so', (_what, answer, sentence) => {
  install({ 'r/ticketing-orders:1.0.0': answer });
  expect(() => findPublished('r', orders())).toThrow(sentence);
});

test('When docker is not there, it says so', () => {
  process.env.PATH = '';
  expect(() => findPublished('r', orders())).toThrow('docker is needed to ask the registry');
});

test('When docker is there without buildx, it says so in a sentence, and nothing of how docker is used', () => {
  const bin = join(repository.root, 'bin');
  mkdirSync(bin, { recursive: true });
  // What docker 28 says then, and ends with.
  writeFileSync(
    join(bin, 'docker'),
    "#!/bin/sh\nprintf 'unknown flag: --format\\n\\nUsage:  docker [OPTIONS] COMMAND [ARG...]\\n' >&2\nexit 125\n",
    { mode: 0o755 },
  );
  process.env.PATH = `${bin}${delimiter}${path}`;
  expect(() => findPublished('r', orders())).toThrow(
    new Problem(
      'docker is here without buildx, which asks the registry: https://docs.docker.com/build/install-buildx/',
    ),
  );
});

test('Digests are those of every service, or the missing images are named', () => {
  const all = {
    'r/ticketing-orders:1.0.0': image('sha256:1'),
    'r/ticketing-tickets:1.0.0': image('sha256:2'),
  };
  install(all);
  expect(() => findDigests(repository.root, 'r')).toThrow('r has no ticketing-web:1.0.0: build and push them first.');
});

test('Digests of a release are complete', () => {
  install({
    'r/ticketing-orders:1.0.0': image('sha256:1'),
    'r/ticketing-tickets:1.0.0': image('sha256:2'),
    'r/ticketing-web:1.0.0': image('sha256:3'),
  });
  expect(findDigests(repository.root, 'r')).toEqual({ orders: 'sha256:1', tickets: 'sha256:2', web: 'sha256:3' });
});

describe('An image of other sources than are to run', () => {
  const all = () => ({
    'r/ticketing-orders:1.0.0': image('sha256:1'),
    'r/ticketing-tickets:1.0.0': image('sha256:2'),
    'r/ticketing-web:1.0.0': image('sha256:3'),
  });
  const digests = { orders: 'sha256:1', tickets: 'sha256:2', web: 'sha256:3' };

  test('is refused where they changed without a new version, and taken where they were as they were', () => {
    install(all());
    repository.write('services/tickets/src/main.ts', 'two');
    const changed = repository.commit('a change, and no version');
    repository.write('services/tickets/src/main.ts', 'one');
    const undone = repository.commit('undone');
    const sentence = `tickets 1.0.0 was built from ${built.slice(0, 12)}, and services/tickets/src/main.ts has changed since`;
    expect(() => findDigests(repository.root, 'r', changed)).toThrow(sentence);
    expect(findDigests(repository.root, 'r', built)).toEqual(digests);
    expect(findDigests(repository.root, 'r', undone)).toEqual(digests);
    expect(findDigests(repository.root, 'r')).toEqual(digests);
    repository.git('checkout', '--quiet', changed);
    expect(() => findDigests(repository.root, 'r')).toThrow(sentence);
  });

  test('is known by its hash where its commit is lost', () => {
    const sources = hashSources(repository.root, orders());
    built = 'f'.repeat(40);
    const hashOf = (name: string) => hashSources(repository.root, findDeployable(repository.root, name));
    install({
      'r/ticketing-orders:1.0.0': image('sha256:1', { 'ticketing.sources': sources }),
      'r/ticketing-tickets:1.0.0': image('sha256:2', { 'ticketing.sources': hashOf('tickets') }),
      'r/ticketing-web:1.0.0': image('sha256:3', { 'ticketing.sources': hashOf('web') }),
    });
    expect(findDigests(repository.root, 'r')).toEqual(digests);
    repository.write('web/src/main.ts', 'two');
    repository.commit('change');
    expect(() => findDigests(repository.root, 'r')).toThrow(
      'web 1.0.0 was built from ffffffffffff, and this repository',
    );
  });
});

describe('Digests of a commit', () => {
  beforeEach(() => {
    repository.git('tag', 'v1');
    // What is checked out has gone on since: a version, a service more, a service less.
    repository.write('services/orders/deploy/version.json', '{ "version": "2.0.0" }');
    repository.write('services/seats/package.json', '{ "name": "@ticketing/seats" }');
    repository.write('services/seats/deploy/version.json', '{ "version": "0.1.0" }');
    const workspaces = ['services/common', 'services/orders', 'services/tickets', 'services/seats'];
    repository.write('package.json', JSON.stringify({ name: 'ticketing', workspaces }));
  });

  test('are those of the services and versions that it had, whatever is checked out', () => {
    const first = {
      'r/ticketing-orders:1.0.0': image('sha256:1'),
      'r/ticketing-tickets:1.0.0': image('sha256:2'),
      'r/ticketing-web:1.0.0': image('sha256:3'),
    };
    install(first);
    const digests = { orders: 'sha256:1', tickets: 'sha256:2', web: 'sha256:3' };
    expect(findDigests(repository.root, 'r', 'v1')).toEqual(digests);
    built = repository.commit('two');
    const later = { 'r/ticketing-orders:2.0.0': image('sha256:4'), 'r/ticketing-seats:0.1.0': image('sha256:5') };
    install({ ...first, ...later });
    expect(findDigests(repository.root, 'r', repository.git('rev-parse', 'v1'))).toEqual(digests);
    expect(findDigests(repository.root, 'r')).toEqual({ orders: 'sha256:4', tickets: 'sha256:2', seats: 'sha256:5' });
  });

  test('name the images that it lacks', () => {
    install({ 'r/ticketing-orders:2.0.0': image('sha256:4') });
    expect(() => findDigests(repository.root, 'r', 'v1')).toThrow(
      'r has no ticketing-orders:1.0.0, no ticketing-tickets:1.0.0, no ticketing-web:1.0.0: build and push them first.',
    );
  });

  test.each([
    ['that is not there', 'v9', 'This repository has no commit, branch or tag v9: is it fetched?'],
    ['that has no name', '', 'This repository has no commit, branch or tag "": is it fetched?'],
    ['that looks like an option', '--all', 'This repository has no commit, branch or tag --all: is it fetched?'],
  ])('%s are refused', (_what, ref, sentence) => {
    install({});
    expect(() => findDigests(repository.root, 'r', ref)).toThrow(new Problem(sentence));
  });

  test.each([
    [
      'a version is not valid',
      { 'services/orders/deploy/version.json': '{ "version": "two" }' },
      'services/orders/deploy/version.json at broken must be { "version": "1.2.3" }, a semantic version, and nothing else.',
    ],
    [
      'a workspace is not there',
      { 'package.json': '{ "workspaces": ["x"] }' },
      'There is no x/package.json at broken.',
    ],
    ['it is not one of npm', { 'package.json': 'no' }, /^package\.json at broken is not JSON: /],
    [
      'it has nothing to deploy',
      { 'package.json': '{}' },
      'No service has a deploy/version.json at broken: nothing to deploy.',
    ],
  ])('are refused when %s', (_what, files, sentence) => {
    install({});
    for (const [file, text] of Object.entries(files)) repository.write(file, text);
    repository.commit('broken');
    repository.git('tag', 'broken');
    repository.git('checkout', '--quiet', 'v1');
    const find = () => findDigests(repository.root, 'r', 'broken');
    expect(find).toThrow(Problem);
    expect(find).toThrow(sentence);
  });
});
