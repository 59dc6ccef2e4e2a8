// Backup and restore as docs/runbooks/restore.md has them, by the scripts that an operator runs: purchases are made, written
// to a backup, more are made, and then the databases and streams are lost. MongoDB's own tools are played (mongo-tools.ts).
import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { appendFileSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join, resolve } from 'node:path';
import { text } from 'node:stream/consumers';
import { accepts } from '../../../dapr/local/src/launcher/wait-until';
import { mongoCommand, provision, startCommand } from '../../../dapr/local/src/provision';
import { confirmCard } from '../../../dapr/local/src/stripe-simulator';
import { type Stack, startStack } from '../../stack/start-stack';
import { type Visitor, type Visitors, visitorsOf } from '../../stack/visitor';
import { waitFor } from '../../stack/wait-for';
import { provideNatsFolder } from '../tools/provide-nats';

const repository = resolve(__dirname, '../../..');
const holdSeconds = 45;
const settings = { portBase: 29_000, env: { PUBSUB: 'nats', HOLD_WINDOW: `${holdSeconds}s` } };

jest.setTimeout(1_800_000);

interface Ticket {
  id: string;
  orderId: string | null;
  sold: boolean;
}

interface Order {
  id: string;
  status: string;
}

interface Opened {
  id: string;
  clientSecret: string;
  publishableKey: string;
}

let folder: string;
let backup: string;
let stack: Stack;
let people: Visitors;
let isUp = false;
let seller: Visitor;
let buyer: Visitor;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'ticketing-restore-'));
  backup = join(folder, 'backup');
  layMongoTools();
  await start();
  seller = await people.signUp('seller@example.com');
  buyer = await people.signUp('buyer@example.com');
});

afterAll(async () => {
  if (isUp) await stop();
  rmSync(folder, { recursive: true, force: true });
});

async function start(): Promise<void> {
  stack = await startStack({ ...settings, dataDir: join(folder, 'data') });
  people = visitorsOf(stack.url);
  isUp = true;
}

async function stop(): Promise<void> {
  isUp = false;
  await people.close();
  await stack.stop();
}

async function hold(title: string): Promise<{ ticketId: string; orderId: string }> {
  const ticket = await seller.request<Ticket>('POST', '/api/tickets', { title, price: 4_500 });
  const order = await buyer.request<Order>('POST', '/api/orders', { ticketId: ticket.body.id });
  expect([ticket.status, order.status]).toEqual([201, 201]);
  return { ticketId: ticket.body.id, orderId: order.body.id };
}

async function pay(orderId: string): Promise<void> {
  const { status, body } = await buyer.request<Opened>('POST', '/api/payments', { orderId });
  expect(status).toBe(201);
  const { clientSecret, publishableKey } = body;
  await confirmCard({ url: stripeUrl(), publishableKey, clientSecret, cardNumber: '4242424242424242' });
  await buyer.request('POST', `/api/payments/${body.id}/settle`);
}

const stripeUrl = () => `http://127.0.0.1:${stack.ports.backing.stripe}`;
const orderNow = async (id: string) => buyer.request<Order>('GET', `/api/orders/${id}`);
const ticketNow = async (id: string) => (await buyer.request<Ticket>('GET', `/api/tickets/${id}`)).body;
const sold = ({ ticketId, orderId }: { ticketId: string; orderId: string }) =>
  waitFor('the ticket is sold', async () => {
    const ticket = await ticketNow(ticketId);
    return ticket.sold && ticket.orderId === orderId;
  });

async function audit(...words: string[]): Promise<{ status: number; said: string }> {
  const child = spawn(process.execPath, [join(repository, 'dapr/local/dist/main.js'), 'audit', ...words], {
    env: { ...process.env, DATA_DIR: stack.dataDir },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const [[status], said] = await Promise.all([once(child, 'close'), text(child.stdout), text(child.stderr)]);
  return { status: status as number, said };
}

/** As an operator calls them; `OPLOG=no`, as what plays MongoDB is no replica set. */
function script(name: 'back-up' | 'restore', env: Record<string, string> = {}) {
  const { mongo, nats } = stack.ports.backing;
  return spawnSync('/bin/sh', [join(repository, `k8s/backup/${name}.sh`), backup], {
    encoding: 'utf8',
    env: {
      ...process.env,
      PATH: [join(folder, 'programs'), provideNatsFolder(), process.env.PATH].join(delimiter),
      HOME: folder,
      MONGO_URL: `mongodb://127.0.0.1:${mongo}`,
      NATS_URL: `nats://127.0.0.1:${nats}`,
      OPLOG: 'no',
      ...env,
    },
  });
}

function layMongoTools(): void {
  mkdirSync(join(folder, 'programs'));
  const tsx = join(repository, 'node_modules/.bin/tsx');
  for (const name of ['mongodump', 'mongorestore']) {
    const text = `#!/bin/sh\nexec "${tsx}" "${join(__dirname, 'mongo-tools.ts')}" ${name} "$@"\n`;
    writeFileSync(join(folder, 'programs', name), text, { mode: 0o755 });
  }
}

/** Only what records and streams are in, new and empty: no service runs. */
async function onEmptyServers(work: () => void): Promise<void> {
  const { mongo, nats } = stack.ports.backing;
  const [mongoDir, natsDir] = ['mongo', 'nats'].map((name) => join(stack.dataDir, name)) as [string, string];
  for (const lost of ['mongo', 'nats', 'redis', 'scheduler']) {
    rmSync(join(stack.dataDir, lost), { recursive: true });
    mkdirSync(join(stack.dataDir, lost), { mode: 0o700 });
  }
  const tell = { progress: () => undefined };
  const [mongoTool, natsTool] = [await provision('mongo', tell), await provision('nats-server', tell)];
  const servers = [
    run(
      mongoCommand(mongoTool, { port: mongo, dataDir: mongoDir, containerName: `ticketing-restore-mongo-${mongo}` }),
      mongoTool.env,
    ),
    run(
      startCommand(natsTool, {
        containerName: `ticketing-restore-nats-${nats}`,
        ports: [nats],
        folders: [natsDir],
        args: (address) => ['--addr', address, '--port', `${nats}`, '-js', '-sd', join(natsDir, 'jetstream')],
      }),
      natsTool.env,
    ),
  ];
  try {
    await waitFor('both answer', async () => (await accepts(mongo)) && (await accepts(nats)), 60_000);
    work();
  } finally {
    for (const server of servers) {
      const exited = once(server, 'exit');
      server.kill('SIGTERM');
      await exited;
    }
  }
}

const run = ([program = '', ...words]: string[], env: NodeJS.ProcessEnv = {}): ChildProcess =>
  spawn(program, words, { stdio: 'ignore', env: { ...process.env, ...env } });

function named(said: string, pattern: RegExp): string {
  const [, id] = pattern.exec(said) ?? [];
  if (!id) throw new Error(`the audit does not name it: ${said}`);
  return id;
}

/** Somebody at Stripe's dashboard. */
async function refundAtStripe(what: Record<string, string>): Promise<void> {
  const secrets = JSON.parse(readFileSync(join(stack.dataDir, 'secrets.json'), 'utf8'));
  const answer = await fetch(`${stripeUrl()}/v1/refunds`, {
    method: 'POST',
    headers: { authorization: `Bearer ${secrets['stripe-secret'].secretKey}` },
    body: new URLSearchParams(what),
  });
  expect(answer.status).toBe(200);
}

test('When all is lost after a backup, then what was sold stays sold, and the audit tells whose money to give back', async () => {
  const before = await hold('Paid before the backup');
  await pay(before.orderId);
  await sold(before);
  const across = await hold('Held before the backup, paid after it');
  const afterwards = await seller.request<Ticket>('POST', '/api/tickets', { title: 'Bought after it', price: 4_500 });

  expect(script('back-up')).toMatchObject({ status: 0, stderr: '', stdout: expect.stringContaining('10 streams') });
  expect(script('back-up')).toMatchObject({ status: 1, stderr: expect.stringContaining('is there already') });

  await pay(across.orderId);
  await sold(across);
  const lost = await buyer.request<Order>('POST', '/api/orders', { ticketId: afterwards.body.id });
  await pay(lost.body.id);
  await sold({ ticketId: afterwards.body.id, orderId: lost.body.id });

  await stop();
  await onEmptyServers(() => {
    expect(script('restore')).toMatchObject({ status: 1, stderr: expect.stringContaining('say CONFIRM=') });
    const restored = script('restore', { CONFIRM: backup });
    expect(restored).toMatchObject({ status: 0, stdout: expect.stringContaining('is restored. Next: ') });
    // And again: whoever is interrupted begins anew.
    expect(script('restore', { CONFIRM: backup }).status).toBe(0);
  });
  await start();
  // Their sessions are good still: the key that signs them is no part of what was lost.
  buyer = Object.assign(people.anonymous(), { cookie: buyer.cookie });

  await sold(before);
  expect((await orderNow(before.orderId)).body.status).toBe('Completed');
  await waitFor(
    'the order that was under way has ended',
    async () => (await orderNow(across.orderId)).body.status === 'Cancelled',
    180_000,
  );
  expect((await orderNow(lost.body.id)).status).toBe(404);

  // Both were paid after the moment of the backup: by nobody's account but Stripe's.
  const told = await audit('--grace=20s');
  expect(told.status).toBe(1);
  expect(told.said).toMatch(
    new RegExp(`^Order ${lost.body.id}: There is no such order here, but pi_\\w+ at Stripe`, 'm'),
  );
  expect(told.said).toMatch(new RegExp(`^Order ${across.orderId}: Stripe says that 45.00 USD were taken`, 'm'));
  expect(told.said).not.toContain(before.orderId);
  await refundAtStripe({ payment_intent: named(told.said, /(pi_\w+) at Stripe/) });
  await refundAtStripe({ charge: named(told.said, /were taken \((ch_\w+)\)/) });
  expect(await audit('--grace=20s')).toEqual({ status: 0, said: expect.stringMatching(/No differences\.\n$/) });

  // The ticket is for sale, as it was, and goes to one.
  expect((await ticketNow(afterwards.body.id)).orderId).toBeNull();
  const again = await buyer.request<Order>('POST', '/api/orders', { ticketId: afterwards.body.id });
  expect(again.status).toBe(201);
  await pay(again.body.id);
  await sold({ ticketId: afterwards.body.id, orderId: again.body.id });
  expect(await audit('--grace=60s')).toEqual({ status: 0, said: expect.stringMatching(/No differences\.\n$/) });
});

test('When a backup is not whole, then nothing of it is restored', () => {
  appendFileSync(join(backup, 'records.gz'), 'x');
  expect(script('restore', { CONFIRM: backup })).toMatchObject({
    status: 1,
    stderr: expect.stringContaining('is not as it was written: nothing was restored'),
  });
  rmSync(join(backup, 'SHA256SUMS'));
  expect(script('restore', { CONFIRM: backup })).toMatchObject({
    status: 1,
    stderr: expect.stringContaining('is no backup that was finished: nothing was restored'),
  });
});

test('When a tool or an address is missing, then it is named before anything is done', () => {
  for (const name of ['back-up', 'restore'] as const) {
    expect(script(name, { MONGO_URL: '' })).toMatchObject({ status: 2, stderr: expect.stringContaining('MONGO_URL') });
    const programs = join(folder, 'no-programs');
    mkdirSync(programs, { recursive: true });
    const missing = script(name, { PATH: programs });
    expect([missing.status, missing.stderr]).toEqual([1, expect.stringMatching(/^mongo(dump|restore) is missing\.$/m)]);
  }
});
