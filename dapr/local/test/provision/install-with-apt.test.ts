/** Installing from the system's archive, with `apt-get` played by a script. */
import { chmodSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { askVersion } from '../../src/provision/find-program.js';
import type { Machine, WayContext } from '../../src/provision/types.js';
import { installWithApt } from '../../src/provision/ways/install-with-apt.js';

const way = installWithApt({
  package: 'chromium',
  program: 'chromium',
  versionOf: (program, env) => askVersion([program, '--version'], env),
});

/** Notes what it is asked, and brings a program when it is asked to install. */
const archive = (program: string) => `echo "$DEBIAN_FRONTEND $*" >> "$HOME/asked"
case "$*" in *install*) echo '#!/bin/sh
${program}' > "$HOME/bin/chromium"; /bin/chmod 755 "$HOME/bin/chromium";; esac`;

let home: string;
let heard: string[];

beforeEach(() => {
  home = mkdtempSync(join(tmpdir(), 'apt-'));
  heard = [];
  mkdirSync(join(home, 'bin'));
});
afterEach(() => {
  jest.restoreAllMocks();
  rmSync(home, { recursive: true, force: true });
});

const aptGet = (text: string): void => {
  writeFileSync(join(home, 'bin', 'apt-get'), `#!/bin/sh\n${text}\n`);
  chmodSync(join(home, 'bin', 'apt-get'), 0o755);
};
const machine = (): Machine => ({ env: { HOME: home, PATH: join(home, 'bin') }, platform: 'linux', arch: 'x64' });
const context = (signal = new AbortController().signal): WayContext => ({
  ...machine(),
  folder: home,
  progress: (line) => heard.push(line),
  signal,
});

test('It is possible for root, where there is apt-get', async () => {
  const user = jest.spyOn(process, 'getuid' as never).mockReturnValue(0 as never);
  expect(await way.possible(machine())).toEqual({ possible: false, why: 'this system has no apt-get' });
  aptGet('exit 0');
  expect(await way.possible(machine())).toEqual({ possible: true, why: "installs the system's package chromium" });
  user.mockReturnValue(1000 as never);
  expect(await way.possible(machine())).toEqual({ possible: false, why: 'installing chromium needs root' });
});

test('It renews the lists, installs without asking, says so, and gives the program with its version', async () => {
  aptGet(archive('echo "Chromium 140.0.7339.80 built on Debian"'));

  expect(await way.get(context())).toEqual({ version: '140.0.7339', command: [join(home, 'bin', 'chromium')] });

  expect(readFileSync(join(home, 'asked'), 'utf8').trim().split('\n')).toEqual([
    'noninteractive -q -y update',
    'noninteractive -q -y install --no-install-recommends chromium',
  ]);
  expect(heard.join('\n')).toContain("chromium: installing the system's package");
});

test('It fails with the last words of apt-get, and installs nothing from lists that could not be renewed', async () => {
  aptGet(`echo "$*" >> "$HOME/asked"; echo "E: Temporary failure resolving 'deb.debian.org'" >&2; exit 100`);

  await expect(way.get(context())).rejects.toThrow(/ended with 100: E: Temporary failure resolving/);

  expect(readFileSync(join(home, 'asked'), 'utf8').trim()).toBe('-q -y update');
});

test('It fails when what was installed does not run, or did not bring the program', async () => {
  aptGet(archive('exit 127'));
  await expect(way.get(context())).rejects.toThrow('the installed chromium does not run');
  rmSync(join(home, 'bin', 'chromium'));
  aptGet('exit 0');
  await expect(way.get(context())).rejects.toThrow('the installed chromium does not run');
});

test('It ends apt-get when it is asked to stop', async () => {
  aptGet('echo begun > "$HOME/begun"; exec /usr/bin/tail -f /dev/null');
  const stop = new AbortController();
  const under = way.get(context(stop.signal));
  const look = setInterval(() => existsSync(join(home, 'begun')) && stop.abort(new Error('stopped by Ctrl-C')), 20);

  await expect(under).rejects.toThrow('stopped by Ctrl-C');

  clearInterval(look);
});
