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

/** The packages that the sources below a folder import, or look up to read files of. */
function importedBelow(folder: string): string[] {
  const files = readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' }).filter(
    (file) => file.endsWith('.ts') && !/(^|\/)(node_modules|house-built-wrong)\//.test(file),
  );
  const names = files.flatMap((file) => {
    const text = readFileSync(join(root, folder, file), 'utf8');
    const lookedUp = [...text.matchAll(/require\.resolve\('([^']+)'/g)].map(([, path = '']) => path);
    const imported = ts.preProcessFile(text, true, true).importedFiles.map(({ fileName }) => fileName);
    return [...imported, ...lookedUp].map(packageOf);
  });
  return [...new Set(names)].filter((name) => !name.startsWith('.') && !isBuiltin(name)).sort();
}

const packageOf = (path: string) =>
  path
    .split('/')
    .slice(0, path.startsWith('@') ? 2 : 1)
    .join('/');

const programs = whole.workspaces.filter((folder) => folder !== 'tests');

test.each(programs)('%s depends on the packages that its sources import, and on no others', (folder) => {
  const { dependencies = {} } = read(folder);
  expect(importedBelow(join(folder, 'src'))).toEqual(Object.keys(dependencies).sort());
});

test.each(programs)('%s declares what its tests import', (folder) => {
  const { name, dependencies = {}, devDependencies = {} } = read(folder);
  const declared = [name, ...tools, ...Object.keys(dependencies), ...Object.keys(devDependencies)];
  const imported = importedBelow(join(folder, 'test'));
  expect(imported.filter((used) => !declared.includes(used))).toEqual([]);
  expect(Object.keys(devDependencies).filter((unused) => !imported.includes(unused))).toEqual([]);
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
