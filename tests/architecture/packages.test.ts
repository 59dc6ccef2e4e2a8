// What package.json files promise: a workspace declares what it imports and nothing else, and scripts name what exists.
import { readdirSync, readFileSync } from 'node:fs';
import { isBuiltin } from 'node:module';
import { join, resolve } from 'node:path';
import ts from 'typescript';

const root = resolve(__dirname, '../..');

interface Package {
  name: string;
  workspaces: string[];
  scripts?: Record<string, string>;
  dependencies?: Record<string, string>;
  devDependencies?: Record<string, string>;
}

const read = (folder: string): Package => JSON.parse(readFileSync(join(root, folder, 'package.json'), 'utf8'));
const whole = read('.');
const tools = Object.keys(whole.devDependencies ?? {});

/** The packages that the sources below a folder import, style with, or look up to read files of. */
function importedBelow(folder: string): string[] {
  const files = readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' }).filter(
    (file) => /\.(tsx?|scss)$/.test(file) && !/(^|\/)(node_modules|house-built-wrong)\//.test(file),
  );
  const names = files.flatMap((file) => {
    const text = readFileSync(join(root, folder, file), 'utf8');
    if (file.endsWith('.scss')) return stylesIn(text);
    const lookedUp = [...text.matchAll(/require\.resolve\('([^']+)'/g)].map(([, path = '']) => path);
    const imported = ts.preProcessFile(text, true, true).importedFiles.map(({ fileName }) => fileName);
    const files = [...text.matchAll(/'(?:\.\.\/)+node_modules\/([^']+)'/g)].map(([, path = '']) => path);
    return [...imported, ...lookedUp, ...files].filter((path) => !isOwn(path)).map(packageOf);
  });
  return [...new Set(names)].sort();
}

/** Sass has no way to tell a file beside it from a package: packages are called with a path inside them. */
const stylesIn = (text: string) =>
  [...text.matchAll(/@(?:import|use) "([^"]+\/[^"]+)"/g)].map(([, path = '']) => path).map(packageOf);

/** Of this package (`@/` is the web client's name for its sources), or of Node. */
const isOwn = (path: string) => /^(\.|@\/)/.test(path) || isBuiltin(path);

const packageOf = (path: string) =>
  path
    .split('/')
    .slice(0, path.startsWith('@') ? 2 : 1)
    .join('/');

const programs = whole.workspaces.filter((folder) => folder !== 'tests');

test.each(programs)('%s depends on the packages that its sources import, and on no others', (folder) => {
  const { dependencies = {} } = read(folder);
  const imported = importedBelow(join(folder, 'src'));
  const declared = Object.keys(dependencies);
  expect(imported.filter((used) => !declared.includes(used))).toEqual([]);
  expect(declared.filter((unused) => !imported.includes(unused) && !wantedBy(declared, unused))).toEqual([]);
});

test.each(programs)('%s declares what its tests import', (folder) => {
  const { name, dependencies = {}, devDependencies = {} } = read(folder);
  const declared = [name, ...tools, ...Object.keys(dependencies), ...Object.keys(devDependencies)];
  const imported = importedBelow(join(folder, 'test'));
  expect(imported.filter((used) => !declared.includes(used))).toEqual([]);
  const compiled = [...importedBelow(join(folder, 'src')), ...Object.keys(dependencies)];
  expect(
    Object.keys(devDependencies).filter(
      (unused) =>
        !imported.includes(unused) &&
        !compiled.includes(unused.replace('@types/', '')) &&
        !wantedBy(Object.keys(dependencies), unused),
    ),
  ).toEqual([]);
});

/** React's renderer and the Sass compiler are imported by Next alone, as it says in its peer dependencies. */
const wantedBy = (dependencies: string[], name: string) =>
  dependencies.some((dependency) => {
    const { peerDependencies = {} } = JSON.parse(
      readFileSync(join(root, 'node_modules', dependency, 'package.json'), 'utf8'),
    ) as { peerDependencies?: Record<string, string> };
    return name in peerDependencies;
  });

test('tests declares what it imports, and nothing else', () => {
  const declared = Object.keys(read('tests').dependencies ?? {});
  const imported = importedBelow('tests');
  expect(imported.filter((used) => ![...tools, ...declared].includes(used))).toEqual([]);
  expect(declared.filter((unused) => !imported.includes(unused))).toEqual([]);
});

test('The scripts name projects of jest that exist, and scripts that exist', () => {
  const { projects } = require(join(root, 'jest.config.cjs')) as { projects: { displayName: string }[] };
  const scripts = Object.values(whole.scripts ?? {}).join(' && ');
  const selected = scripts.match(/(?<=--selectProjects )[a-z0-9 ]+[a-z0-9]/g)?.flatMap((names) => names.split(' '));
  expect([...new Set(selected)].sort()).toEqual(projects.map(({ displayName }) => displayName).sort());
  for (const [, called = ''] of scripts.matchAll(/npm run ([\w:]+)/g)) expect(whole.scripts).toHaveProperty([called]);
});
