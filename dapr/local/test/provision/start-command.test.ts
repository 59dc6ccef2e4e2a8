import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { layRuntimePath } from '../../src/provision/lay-runtime-path.js';
import { isStandIn, mongoCommand, removeLeftover, startCommand } from '../../src/provision/start-command.js';
import { defaultCacheDir } from '../../src/provision/tool-cache.js';
import type { Provisioned } from '../../src/provision/types.js';

const redis: Provisioned = {
  name: 'redis-server',
  version: '7.0.15',
  way: 'installed',
  command: ['/usr/bin/redis-server'],
};
const inDocker = (name: Provisioned['name'], image: string): Provisioned => ({
  name,
  version: '7.4',
  way: 'docker',
  command: ['/usr/bin/docker', 'run', '--rm'],
  container: { image },
});
const how = {
  containerName: 'ticketing-redis-3100',
  ports: [3106],
  folders: ['/data/redis'],
  args: (address: string) => ['--port', '3106', '--bind', address, '--dir', '/data/redis'],
};

test('A program listens on loopback', () => {
  const argv = ['/usr/bin/redis-server', '--port', '3106', '--bind', '127.0.0.1', '--dir', '/data/redis'];
  expect(startCommand(redis, how)).toEqual(argv);
  expect(removeLeftover(redis, 'ticketing-redis-3100')).toBeUndefined();
});

test('A container is named, publishes its ports on loopback alone, and sees its folders at the same paths', () => {
  const argv = startCommand(inDocker('redis-server', 'redis:7.4'), how).join(' ');
  expect(argv).toMatch(/^\/usr\/bin\/docker run --rm --name ticketing-redis-3100 /);
  expect(argv).toContain(`--user ${process.getuid?.()}:${process.getgid?.()}`);
  expect(argv).toContain(
    '--publish 127.0.0.1:3106:3106 --volume /data/redis:/data/redis redis:7.4 redis-server --port 3106 --bind 0.0.0.0',
  );
  expect(removeLeftover(inDocker('redis-server', 'redis:7.4'), 'ticketing-redis-3100')).toEqual([
    '/usr/bin/docker',
    'rm',
    '--force',
    'ticketing-redis-3100',
  ]);
});

describe('MongoDB is started', () => {
  const options = { port: 3107, dataDir: '/data/mongo', containerName: 'ticketing-mongo-3100' };

  test('as mongod', () => {
    const mongod: Provisioned = { name: 'mongo', version: '8.0.17', way: 'download', command: ['/cache/mongod'] };
    expect(mongoCommand(mongod, options).join(' ')).toMatch(
      /^\/cache\/mongod --port 3107 --bind_ip 127\.0\.0\.1 --dbpath \/data\/mongo /,
    );
    expect(isStandIn(mongod)).toBe(false);
  });

  test('as a container', () => {
    const argv = mongoCommand(inDocker('mongo', 'mongo:8.0'), options).join(' ');
    expect(argv).toContain(
      '--publish 127.0.0.1:3107:3107 --volume /data/mongo:/data/mongo mongo:8.0 mongod --port 3107 --bind_ip 0.0.0.0',
    );
  });

  test('as the stand-in, which ends with its parent', () => {
    const standIn: Provisioned = {
      name: 'mongo',
      version: '1.47.0',
      way: 'maven',
      command: ['java', '-cp', 'x.jar', 'MongoStandIn'],
    };
    expect(mongoCommand(standIn, { ...options, parentPid: 42 })).toEqual([
      'java',
      '-cp',
      'x.jar',
      'MongoStandIn',
      '--port',
      '3107',
      '--bind',
      '127.0.0.1',
      '--data',
      '/data/mongo',
      '--parent-pid',
      '42',
    ]);
    expect(isStandIn(standIn)).toBe(true);
  });
});

test('daprd lies where `dapr run` looks for it, and each daprd has a folder of its own', async () => {
  const cacheDir = mkdtempSync(join(tmpdir(), 'runtime-path-'));
  const daprd = (path: string): Provisioned => ({ name: 'daprd', version: '1.18.2', way: 'cache', command: [path] });
  const [one, again, other] = [
    await layRuntimePath(daprd('/cache/daprd'), cacheDir),
    await layRuntimePath(daprd('/cache/daprd'), cacheDir),
    await layRuntimePath(daprd('/usr/bin/daprd'), cacheDir),
  ];
  expect(again).toBe(one);
  expect(other).not.toBe(one);
  rmSync(cacheDir, { recursive: true });
});

test('daprd is started so that it listens and is found on loopback alone, as the process that was started', async () => {
  const cacheDir = mkdtempSync(join(tmpdir(), 'runtime path '));
  const program = join(cacheDir, "ana's daprd");
  writeFileSync(program, '#!/bin/sh\necho "$$ $DAPR_HOST_IP"; printf "%s\\n" "$@"\n', { mode: 0o755 });
  const folder = await layRuntimePath({ name: 'daprd', version: '1.18.2', way: 'cache', command: [program] }, cacheDir);
  const { stdout, pid } = spawnSync(join(folder, '.dapr/bin/daprd'), ['--app-id', 'a b'], { encoding: 'utf8' });
  expect(stdout.trim().split('\n')).toEqual([
    `${pid} 127.0.0.1`,
    '--dapr-internal-grpc-listen-address',
    '127.0.0.1',
    '--metrics-listen-address',
    '127.0.0.1',
    '--app-id',
    'a b',
  ]);
  rmSync(cacheDir, { recursive: true });
});

test.each([
  [{ TICKETING_CACHE: '/c', XDG_CACHE_HOME: '/x', HOME: '/h' }, 'linux', '/c'],
  [{ XDG_CACHE_HOME: '/x', HOME: '/h' }, 'linux', '/x/ticketing'],
  [{ HOME: '/h' }, 'linux', '/h/.cache/ticketing'],
  [{ HOME: '/h' }, 'darwin', '/h/Library/Caches/ticketing'],
] as const)('With %j on %s the cache is %s', (env, platform, folder) => {
  expect(defaultCacheDir(env, platform)).toBe(folder);
});
