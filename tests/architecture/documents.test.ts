// What the pages of the repository point at exists: files, names in them, and commands.
import { execFileSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { dirname, join, relative, resolve } from 'node:path';

const root = resolve(__dirname, '../..');
const skipped = new Set(['node_modules', 'dist', '.git', '.dapr', 'coverage', 'tmp']);

const pagesIn = (folder: string): string[] =>
  readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    if (entry.isDirectory()) return skipped.has(entry.name) ? [] : pagesIn(join(folder, entry.name));
    return entry.name.endsWith('.md') ? [join(folder, entry.name)] : [];
  });

const pages = pagesIn(root).map((page) => [relative(root, page)] as const);
const read = (page: string) => readFileSync(join(root, page), 'utf8');

interface Link {
  text: string;
  target: string;
}

const linksIn = (page: string): Link[] =>
  [...read(page).matchAll(/\[([^\]]+)\]\(([^)\s]+)\)/g)]
    .map(([, text = '', target = '']) => ({ text, target: target.split('#')[0] ?? '' }))
    .filter(({ target }) => target !== '' && !/^[a-z]+:/.test(target));

describe.each(pages)('%s', (page) => {
  test('links to what is there', () => {
    const broken = linksIn(page).filter(({ target }) => !existsSync(join(root, dirname(page), target)));
    expect(broken.map(({ target }) => target)).toEqual([]);
  });

  test('quotes names that stand in the files it links to', () => {
    const wrong = linksIn(page).filter(({ text, target }) => {
      const name = /^`(\w+)`$/.exec(text)?.[1];
      const file = join(root, dirname(page), target);
      return (
        name &&
        existsSync(file) &&
        statSync(file).isFile() &&
        !new RegExp(`\\b${name}\\b`).test(readFileSync(file, 'utf8'))
      );
    });
    expect(wrong.map(({ text, target }) => `${text} in ${target}`)).toEqual([]);
  });

  test('names commands that exist', () => {
    const makefile = readFileSync(join(root, 'Makefile'), 'utf8');
    const scriptsOf = (folder: string): Record<string, string> =>
      JSON.parse(readFileSync(join(root, folder, 'package.json'), 'utf8')).scripts;
    const code = [...read(page).matchAll(/```(?:sh|console)\n([\s\S]*?)```|`([^`\n]+)`/g)]
      .map(([, block, inline]) => block ?? inline ?? '')
      .join('\n');
    const unknown = [
      ...[...code.matchAll(/^(?:\$ )?(?:[A-Z_]+=\S+ )*make ([a-z-]+)/gm)].filter(
        ([, target]) => !new RegExp(`^${target}:`, 'm').test(makefile),
      ),
      ...[...code.matchAll(/npm run (?:-s )?([\w:-]+)(?: -w (\S+))?/g)].filter(
        ([, script = '', folder = '.']) => !(script in scriptsOf(folder)),
      ),
      ...[...code.matchAll(/npx jest (\w[\w/-]*)/g)].filter(([, path = '']) => !existsSync(join(root, path))),
    ];
    expect(unknown.map(([command]) => command)).toEqual([]);
  });
});

describe('the tables and trees that tell where things are', () => {
  /** Folders with something committed in them. */
  const foldersOf = (folder: string): string[] => {
    const cwd = join(root, folder);
    const tracked = execFileSync('git', ['ls-files'], { cwd, encoding: 'utf8' }).split('\n');
    const below = tracked.flatMap((file) => /^[^/]+(?=\/)/.exec(file)?.[0] ?? []);
    return [...new Set(below)].sort();
  };

  test('tests/README.md has one row for each folder', () => {
    const rows = [...read('tests/README.md').matchAll(/^\| `([\w-]+)\/` \|/gm)].map(([, folder]) => folder);
    expect(rows).toEqual([...new Set(rows)]);
    expect(rows).toEqual(expect.arrayContaining(foldersOf('tests')));
    expect(rows.filter((folder) => !existsSync(join(root, 'tests', String(folder))))).toEqual([]);
  });

  const page = read('docs/architecture/README.md');
  /** Told once, for all services. */
  const commonRooms = ['http', 'events', 'actors', 'reconcile', 'domain', 'data'];
  const services = foldersOf('services');

  test.each(services)('docs/architecture tells of every room of %s', (service) => {
    const tree = page.slice(page.indexOf(`\n  ${service}/`) + 1);
    const own = tree.slice(0, tree.search(/\n {0,2}\S/));
    expect(own).not.toBe('');
    const told = (room: string) =>
      own.includes(` src/${room}/`) || commonRooms.includes(room) || services.includes(room);
    expect(foldersOf(`services/${service}/src`).filter((room) => !told(room))).toEqual([]);
  });

  test('docs/architecture tells of every folder at the top', () => {
    const told = (folder: string) => new RegExp(`^${folder}/`, 'm').test(page);
    const hidden = (folder: string) => folder.startsWith('.');
    expect(foldersOf('.').filter((folder) => !hidden(folder) && !told(folder))).toEqual([]);
  });
});
