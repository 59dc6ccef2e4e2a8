import { execFileSync } from 'node:child_process';
import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { create } from 'tar';
import { sha256Of } from '../../src/provision/download-file.js';
import type { WayContext } from '../../src/provision/types.js';
import { downloadRelease, type Release } from '../../src/provision/ways/download-release.js';

let server: Server;
let base: string;
let published: string;
let folder: string;

beforeAll(async () => {
  published = mkdtempSync(join(tmpdir(), 'published-'));
  mkdirSync(join(published, 'tool-1.2.3', 'bin'), { recursive: true });
  await publish('tool.tar.gz', '#!/bin/sh\necho tool 1.2.3\n');
  await publish('broken.tar.gz', '#!/nowhere/sh\n');
  server = createServer((request, response) => {
    const file = join(published, request.url ?? '');
    if (existsSync(file)) response.end(readFileSync(file));
    else response.writeHead(404).end();
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  base = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});

async function publish(name: string, script: string): Promise<void> {
  const program = 'tool-1.2.3/bin/tool';
  writeFileSync(join(published, program), script);
  chmodSync(join(published, program), 0o755);
  writeFileSync(join(published, 'tool-1.2.3/LICENSE'), 'MIT');
  await create({ file: join(published, name), cwd: published, gzip: true }, ['tool-1.2.3']);
  writeFileSync(join(published, `${name}.sha256`), `${await sha256Of(join(published, name))}  ${name}\n`);
}

afterAll(async () => {
  server.closeAllConnections();
  await new Promise((resolve) => server.close(resolve));
  rmSync(published, { recursive: true });
});

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'release-'));
});

afterEach(() => rmSync(folder, { recursive: true }));

const release = (archive: string | undefined): Release => ({
  name: 'tool',
  version: '1.2.3',
  archive: () => archive && `${base}/${archive}`,
  checksums: (address) => `${address}.sha256`,
  member: () => 'tool-1.2.3/bin/tool',
  proof: ['--version'],
});

const context = (): WayContext => ({
  env: process.env,
  platform: process.platform,
  arch: process.arch,
  folder,
  progress: () => undefined,
  signal: new AbortController().signal,
});

describe('When a release is downloaded', () => {
  test('then its program is kept, and nothing else of the archive but the folder it was in', async () => {
    const got = await downloadRelease(release('tool.tar.gz')).get(context());
    expect(got).toEqual({ version: '1.2.3', command: [join(folder, 'tool')] });
    expect(execFileSync(join(folder, 'tool')).toString()).toBe('tool 1.2.3\n');
    expect(readdirSync(folder)).not.toContain('tool.tar.gz');
    expect(readdirSync(folder, { recursive: true })).not.toContain('tool-1.2.3/LICENSE');
  });

  test('and its checksum is another, then it is refused', async () => {
    writeFileSync(join(published, 'forged.tar.gz'), 'not what was published');
    writeFileSync(
      join(published, 'forged.tar.gz.sha256'),
      readFileSync(join(published, 'tool.tar.gz.sha256'), 'utf8').replace('tool.tar', 'forged.tar'),
    );
    await expect(downloadRelease(release('forged.tar.gz')).get(context())).rejects.toThrow(/has checksum/);
    expect(readdirSync(folder)).toEqual([]);
  });

  test('and no checksum is published, then it is refused', async () => {
    writeFileSync(join(published, 'bare.tar.gz'), readFileSync(join(published, 'tool.tar.gz')));
    await expect(downloadRelease(release('bare.tar.gz')).get(context())).rejects.toThrow(/sha256 answers 404/);
  });

  test('and the program does not run here, then it is refused', async () => {
    await expect(downloadRelease(release('broken.tar.gz')).get(context())).rejects.toThrow(
      'does not run on this machine',
    );
  });

  test('then it is possible only where one is published and its host is found', async () => {
    expect(await downloadRelease(release('tool.tar.gz')).possible(context())).toMatchObject({ possible: true });
    expect(
      await downloadRelease(release(undefined)).possible({ ...context(), platform: 'win32', arch: 'x64' }),
    ).toEqual({
      possible: false,
      why: 'none is published for win32 on x64',
    });
  });
});
