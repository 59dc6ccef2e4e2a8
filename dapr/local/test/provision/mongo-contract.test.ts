/**
 * What the services ask of MongoDB, asked of whatever provisioning finds on this machine: a mongod, or the stand-in.
 * It runs as `make run` starts it, is stopped and killed, and must have kept what it answered for.
 */
import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import mongoose, { type Connection, Schema } from 'mongoose';
import { freePort } from '../../../../tests/setup/free-port.js';
import { mongoCommand, type Provisioned, provision } from '../../src/provision/index.js';
import { isStandIn } from '../../src/provision/start-command.js';
import { waitFor } from '../wait-for.js';

interface Ticket {
  _id: string;
  title: string;
  email?: string;
  orderId: string | null;
  version: number;
  tags: string[];
  at: Date;
}

const ticketSchema = new Schema<Ticket>(
  { _id: String, title: String, email: String, orderId: String, version: Number, tags: [String], at: Date },
  { versionKey: false },
);
ticketSchema.index({ email: 1 }, { unique: true, sparse: true });
ticketSchema.index({ at: 1 });
ticketSchema.index({ orderId: 1, at: 1 });

let tool: Provisioned;
let dataDir: string;
let port: number;
let server: ChildProcess;
let connection: Connection;

const tickets = () => connection.model<Ticket>('Ticket', ticketSchema);
const ticket = (id: string, more: Partial<Ticket> = {}): Ticket => ({
  _id: id,
  title: `Ticket ${id}`,
  orderId: null,
  version: 0,
  tags: [],
  at: new Date(1_000_000 + Number(id.slice(1))),
  ...more,
});

beforeAll(async () => {
  tool = await provision('mongo', { progress: () => undefined });
  dataDir = mkdtempSync(join(tmpdir(), 'mongo-contract-'));
  port = await freePort();
  await start();
}, 300_000);

afterAll(async () => {
  await connection?.destroy();
  await stop('SIGTERM');
  rmSync(dataDir, { recursive: true, force: true });
});

async function start(): Promise<void> {
  const [program = '', ...args] = mongoCommand(tool, { port, dataDir, containerName: `mongo-contract-${port}` });
  server = spawn(program, args, { stdio: 'ignore', env: { ...process.env, ...tool.env } });
  await waitFor(() => accepts(port));
  connection = await mongoose.createConnection(`mongodb://127.0.0.1:${port}/ticketing_contract`).asPromise();
  await tickets().init();
}

async function stop(signal: NodeJS.Signals): Promise<number | null> {
  const ended = new Promise<number | null>((resolve) => server.once('exit', (code) => resolve(code)));
  server.kill(signal);
  return ended;
}

beforeEach(async () => {
  await tickets().deleteMany({});
});

describe('Writes', () => {
  test('When 40 race for one ticket by compare-and-set, then exactly one wins, in each of 20 races', async () => {
    await tickets().insertMany(Array.from({ length: 20 }, (_, number) => ticket(`t${number}`)));
    for (let number = 0; number < 20; number += 1) {
      const racers = Array.from({ length: 40 }, (_, racer) =>
        tickets().findOneAndUpdate(
          { _id: `t${number}`, orderId: null },
          { $set: { orderId: `o${racer}` }, $inc: { version: 1 } },
          { returnDocument: 'after' },
        ),
      );
      const winners = (await Promise.all(racers)).filter((winner) => winner !== null);
      expect(winners).toHaveLength(1);
      expect(await tickets().findById(`t${number}`).lean()).toMatchObject({ orderId: winners[0]?.orderId, version: 1 });
    }
  });

  test('When many add to one document at once, then no addition is lost', async () => {
    await tickets().create(ticket('t1'));
    const pushes = Array.from({ length: 60 }, (_, number) =>
      tickets().updateOne({ _id: 't1' }, { $push: { tags: `tag${number}` }, $inc: { version: 1 } }),
    );
    await Promise.all(pushes);
    const full = await tickets().findById('t1').lean();
    expect(full?.version).toBe(60);
    expect(new Set(full?.tags).size).toBe(60);
    await tickets().updateOne({ _id: 't1' }, { $pull: { tags: { $in: ['tag0', 'tag1'] } } });
    expect((await tickets().findById('t1').lean())?.tags).toHaveLength(58);
  });

  test('When a key must be unique, then the second is refused, on insert and on update', async () => {
    await tickets().create(
      ticket('t1', { email: 'a@x.test' }),
      ticket('t2', { email: 'b@x.test' }),
      ticket('t3'),
      ticket('t4'),
    );
    await expect(tickets().create(ticket('t5', { email: 'a@x.test' }))).rejects.toMatchObject({ code: 11000 });
    await expect(tickets().create(ticket('t1'))).rejects.toMatchObject({ code: 11000 });
    await expect(tickets().updateOne({ _id: 't2' }, { $set: { email: 'a@x.test' } })).rejects.toMatchObject({
      code: 11000,
    });
    await tickets().updateOne({ _id: 't1' }, { $set: { email: 'c@x.test' } });
    await tickets().updateOne({ _id: 't2' }, { $set: { email: 'a@x.test' } });
    expect((await tickets().findOne({ email: 'a@x.test' }).lean())?._id).toBe('t2');
    expect(await tickets().findOne({ email: 'b@x.test' }).lean()).toBeNull();
  });

  test('When several are changed by id at once, or in one batch, then each is', async () => {
    await tickets().insertMany(Array.from({ length: 10 }, (_, number) => ticket(`t${number}`)));
    const many = await tickets().updateMany(
      { _id: { $in: ['t1', 't3', 'gone'] }, version: 0 },
      { $set: { orderId: 'o1' } },
    );
    expect(many).toMatchObject({ matchedCount: 2, modifiedCount: 2 });
    const batch = await tickets().bulkWrite([
      { insertOne: { document: ticket('t10') } },
      { updateOne: { filter: { _id: 't1', orderId: 'o1' }, update: { $set: { orderId: null } } } },
      { updateOne: { filter: { _id: 't2', orderId: 'o1' }, update: { $set: { title: 'never' } } } },
      { updateOne: { filter: { _id: 't11' }, update: { $setOnInsert: { title: 'new' } }, upsert: true } },
      { deleteOne: { filter: { _id: 't9' } } },
    ]);
    expect(batch).toMatchObject({ insertedCount: 1, matchedCount: 1, upsertedCount: 1, deletedCount: 1 });
    expect(await tickets().countDocuments({ orderId: 'o1' })).toBe(1);
    expect(await tickets().countDocuments()).toBe(11);
  });
});

describe('Reads', () => {
  beforeEach(async () => {
    const some = Array.from({ length: 250 }, (_, number) =>
      ticket(`t${number}`, { orderId: number % 5 === 0 ? `o${number % 10}` : null, tags: [`tag${number % 3}`, 'all'] }),
    );
    await tickets().insertMany(some);
  });

  test('When sorted and limited, then the newest come, with the fields asked for alone', async () => {
    const page = await tickets().find({ orderId: null }).sort({ at: -1, _id: 1 }).limit(3).select({ title: 1 }).lean();
    expect(page).toEqual(['t249', 't248', 't247'].map((id) => ({ _id: id, title: `Ticket ${id}` })));
  });

  test('When there are more than a batch, then a cursor brings all, once', async () => {
    const seen = new Set<string>();
    for await (const found of tickets().find().batchSize(20).cursor()) seen.add(found._id);
    expect(seen.size).toBe(250);
  });

  test.each([
    [{ at: { $gte: new Date(1_000_240) } }, 10],
    [{ at: { $gt: new Date(1_000_009), $lt: new Date(1_000_020) } }, 10],
    [{ at: { $lt: new Date(1_000_000) } }, 0],
    [{ at: { $gt: new Date(1_000_249) } }, 0],
    [{ at: { $gte: new Date(1_000_030), $lte: new Date(1_000_020) } }, 0],
    [{ orderId: 'o5' }, 25],
    [{ orderId: { $in: ['o0', 'o5', 'o9'] } }, 50],
    [{ orderId: { $in: ['o0', null] } }, 225],
    [{ orderId: { $ne: null } }, 50],
    [{ orderId: 'o5', at: { $lt: new Date(1_000_010) } }, 1],
    [{ orderId: { $eq: 'o5' }, version: 0 }, 25],
    [{ _id: { $in: ['t1', 't2', 'gone'] }, orderId: null }, 2],
    [{ _id: 't1', version: 1 }, 0],
    [{ _id: { $eq: 't1' }, version: 0 }, 1],
    [{ tags: 'tag1' }, 83],
    [{ $or: [{ _id: 't1' }, { orderId: 'o5' }] }, 26],
    [{ title: /^Ticket t24/ }, 11],
    [{ email: null }, 250],
    [{ email: { $exists: true } }, 0],
  ])('When asked for %j, then %i are found, whichever index serves it', async (filter, count) => {
    expect(await tickets().countDocuments(filter)).toBe(count);
    expect(await tickets().find(filter).lean()).toHaveLength(count);
  });

  test('When an indexed field changes or a document goes, then it is found by what is now', async () => {
    await tickets().updateOne({ _id: 't5' }, { $set: { orderId: 'moved' } });
    await tickets().deleteOne({ _id: 't15' });
    expect(await tickets().countDocuments({ orderId: 'o5' })).toBe(23);
    expect((await tickets().findOne({ orderId: 'moved' }).lean())?._id).toBe('t5');
    await tickets().updateOne({ _id: 't5' }, { $unset: { orderId: 1 } });
    expect(await tickets().countDocuments({ orderId: 'moved' })).toBe(0);
  });

  test('When documents change while they are read, then each answer is whole: no half of a change', async () => {
    let writing = true;
    const writer = (async () => {
      for (let version = 1; version <= 300; version += 1) {
        await tickets().updateOne(
          { _id: 't1' },
          { $set: { version, title: `v${version}`, tags: Array(version % 7).fill(`v${version}`) } },
        );
      }
      writing = false;
    })();
    while (writing) {
      const seen = await tickets().findOne({ _id: 't1' }).lean();
      if (seen && seen.version > 0) {
        expect(seen.title).toBe(`v${seen.version}`);
        expect(seen.tags).toEqual(Array(seen.version % 7).fill(seen.title));
      }
    }
    await writer;
  });
});

describe('What was answered is kept', () => {
  test('When it is stopped by SIGTERM and started again, then documents and indexes are there', async () => {
    await tickets().insertMany([ticket('t1', { email: 'a@x.test' }), ticket('t2'), ticket('t3')]);
    await tickets().updateOne({ _id: 't2' }, { $set: { orderId: 'o1' } });
    await tickets().deleteOne({ _id: 't3' });
    await connection.destroy();
    expect(await stop('SIGTERM')).toBe(0);
    await start();
    const kept = await tickets().find().sort({ _id: 1 }).lean();
    expect(kept.map((one) => [one._id, one.orderId])).toEqual([
      ['t1', null],
      ['t2', 'o1'],
    ]);
    await expect(tickets().create(ticket('t4', { email: 'a@x.test' }))).rejects.toMatchObject({ code: 11000 });
    expect(await tickets().countDocuments({ orderId: 'o1' })).toBe(1);
  }, 40_000);

  test('When it is killed in the middle of writes, then all that it answered is there', async () => {
    const answered: string[] = [];
    let killed = false;
    const writers = Array.from({ length: 8 }, async (_, writer) => {
      for (let number = 0; !killed; number += 1) {
        const id = `t${writer * 100_000 + number}`;
        try {
          await tickets().create(ticket(id));
          await tickets().updateOne({ _id: id }, { $set: { orderId: 'o1' } });
          answered.push(id);
        } catch (error) {
          if (!killed) throw error; // afterwards, a write that was cut off is not promised
        }
      }
    });
    await waitFor(() => answered.length > 500, 30_000);
    killed = true;
    await stop('SIGKILL');
    await connection.destroy();
    await Promise.all(writers);
    await start();
    // A real mongod flushes its journal every 100 ms; the stand-in's is with the system before it answers.
    const promised = isStandIn(tool) ? answered : answered.slice(0, -500);
    const kept = new Set((await tickets().find({ orderId: 'o1' }).select({ _id: 1 }).lean()).map((one) => one._id));
    expect(promised.filter((id) => !kept.has(id))).toEqual([]);
  }, 60_000);
});

const accepts = (portNumber: number): Promise<boolean> =>
  new Promise((resolve) => {
    const socket = connect(portNumber, '127.0.0.1');
    socket.once('connect', () => resolve(socket.destroy() !== undefined));
    socket.once('error', () => resolve(false));
  });
