import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { appendFileSync, mkdtempSync, rmSync, statSync } from 'node:fs';
import type { AddressInfo } from 'node:net';
import { createServer, type Server } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import mongoose from 'mongoose';
import { freePort } from '../../../../tests/setup/free-port.js';
import { mongoCommand, type Provisioned } from '../../src/provision/index.js';
import { provisionTool } from '../../src/provision/provision-tool.js';
import { tools } from '../../src/provision/tools.js';
import { runMongoStandIn } from '../../src/provision/ways/run-mongo-stand-in.js';
import { waitFor } from '../wait-for.js';

interface Running {
  child: ChildProcess;
  url: string;
  ended: Promise<number | null>;
  says: () => string;
}

// A machine with a mongod and no JDK needs no stand-in.
const withJava = spawnSync('java', ['-version']).status === 0 ? describe : describe.skip;

withJava('The stand-in', () => {
  let standIn: Provisioned;
  let dataDir: string;
  const running: Running[] = [];

  beforeAll(async () => {
    const only = { ...tools.mongo, ways: [runMongoStandIn], async *installed() {} };
    standIn = await provisionTool(only, { progress: () => undefined });
  }, 300_000);

  beforeEach(() => {
    dataDir = mkdtempSync(join(tmpdir(), 'stand-in-'));
  });

  afterEach(async () => {
    for (const { child, ended } of running.splice(0)) {
      child.kill('SIGKILL');
      await ended;
    }
    rmSync(dataDir, { recursive: true, force: true });
  });

  const start = async (options: { port?: number; parentPid?: number } = {}): Promise<Running> => {
    const port = options.port ?? (await freePort());
    const [program = '', ...args] = mongoCommand(standIn, { ...options, port, dataDir, containerName: 'none' });
    const child = spawn(program, args);
    let text = '';
    for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk: Buffer) => (text += chunk));
    const ended = new Promise<number | null>((resolve) => child.once('exit', resolve));
    const run = { child, url: `mongodb://127.0.0.1:${port}/kept`, ended, says: () => text };
    running.push(run);
    await waitFor(() => text.includes('\n') || child.exitCode !== null);
    return run;
  };
  const withCollection = async <T>(
    run: Running,
    work: (numbers: mongoose.mongo.Collection<{ _id: number; text: string }>) => Promise<T>,
  ): Promise<T> => {
    const connection = await mongoose.createConnection(run.url).asPromise();
    try {
      return await work(connection.collection('numbers'));
    } finally {
      await connection.destroy();
    }
  };

  test('When it starts, then it answers', async () => {
    await withCollection(await start(), (numbers) => numbers.insertOne({ _id: 1, text: 'one' }));
  });

  test('When its port is taken, then it ends with one sentence', async () => {
    const taken: Server = createServer();
    await new Promise<void>((resolve) => taken.listen(0, '127.0.0.1', resolve));
    const { port } = taken.address() as AddressInfo;
    const run = await start({ port });
    expect(await run.ended).toBe(1);
    expect(run.says()).toBe(`mongo: 127.0.0.1:${port} is taken by another program; choose another port.\n`);
    taken.close();
  });

  test('When another has its folder open, then it ends with one sentence', async () => {
    await start();
    const second = await start();
    expect(await second.ended).toBe(1);
    expect(second.says()).toBe(`mongo: ${dataDir} is in use by another MongoDB stand-in; stop that one first.\n`);
  });

  test('When its parent dies, then it ends by itself', async () => {
    const parent = spawn(process.execPath, ['-e', 'setInterval(() => {}, 1000)']);
    const run = await start({ parentPid: parent.pid ?? 0 });
    expect(run.child.exitCode).toBeNull();
    parent.kill('SIGKILL');
    expect(await run.ended).toBe(0);
  });

  test('When a crash left half a record, then the whole ones before it are kept, and writing goes on', async () => {
    const first = await start();
    await withCollection(first, (numbers) => numbers.insertMany([1, 2, 3].map((_id) => ({ _id, text: `${_id}` }))));
    first.child.kill('SIGTERM');
    expect(await first.ended).toBe(0);
    appendFileSync(join(dataDir, 'kept.journal'), Buffer.from([0, 0, 1, 0, 9, 9, 9, 9, 1, 2, 3]));
    const second = await start();
    await withCollection(second, async (numbers) => {
      expect(await numbers.countDocuments()).toBe(3);
      await numbers.insertOne({ _id: 4, text: 'four' });
    });
    second.child.kill('SIGKILL');
    await second.ended;
    await withCollection(await start(), async (numbers) => expect(await numbers.countDocuments()).toBe(4));
  });

  test('When most of a journal is past, then it is shortened on the next start, and nothing is lost', async () => {
    const first = await start();
    await withCollection(first, async (numbers) => {
      await numbers.insertOne({ _id: 1, text: '' });
      for (let round = 0; round < 60; round += 1)
        await numbers.updateOne({ _id: 1 }, { $set: { text: `${round}`.repeat(60_000) } });
    });
    first.child.kill('SIGTERM');
    await first.ended;
    expect(statSync(join(dataDir, 'kept.journal')).size).toBeGreaterThan(4_000_000);
    await withCollection(await start(), async (numbers) => {
      expect((await numbers.findOne({ _id: 1 }))?.text).toBe('59'.repeat(60_000));
    });
    expect(statSync(join(dataDir, 'kept.journal')).size).toBeLessThan(200_000);
  });

  test('When a database is dropped or a collection renamed, then that is kept too', async () => {
    const first = await start();
    await withCollection(first, async (numbers) => {
      await numbers.insertMany([1, 2].map((_id) => ({ _id, text: `${_id}` })));
      await numbers.rename('digits');
    });
    first.child.kill('SIGTERM');
    await first.ended;
    const second = await start();
    const connection = await mongoose.createConnection(second.url).asPromise();
    expect(await connection.collection('digits').countDocuments()).toBe(2);
    expect(await connection.collection('numbers').countDocuments()).toBe(0);
    await connection.dropDatabase();
    await connection.collection('digits').insertOne({ text: 'alone' });
    await connection.destroy();
    second.child.kill('SIGTERM');
    await second.ended;
    const third = await mongoose.createConnection((await start()).url).asPromise();
    expect(await third.collection('digits').countDocuments()).toBe(1);
    await third.destroy();
  });
});
