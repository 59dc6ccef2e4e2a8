// `make bench`: the figures of the purchase and of browsing, each beside its floor in the same run. Noisy machines make
// single figures worthless; the ratio to the floor is what to compare.
import { fork } from 'node:child_process';
import { join } from 'node:path';
import { inParallel } from '@ticketing/common';
import autocannon from 'autocannon';
import mongoose from 'mongoose';
import { startStack } from '../stack/start-stack';
import { type Visitor, visitorsOf } from '../stack/visitor';
import { memoryOfStack } from './memory';

const inFlight = 32;
const buyersCount = 8;
const roundSeconds = 8;
const ticketsPerRound = 5_000;

async function main(): Promise<void> {
  const stack = await startStack({ portBase: 26_000 });
  try {
    const idle = memoryOfStack(stack.pid);
    const { tickets: ticketsPort, orders: ordersPort } = stack.ports.apps;
    const orders = `http://127.0.0.1:${ordersPort.app}`;
    const tickets = `http://127.0.0.1:${ticketsPort.app}`;
    const people = visitorsOf(stack.url);
    const seller = await people.signUp('seller@bench.example');
    const buyers = await Promise.all(
      Array.from({ length: buyersCount }, (_, n) => people.signUp(`buyer${n}@bench.example`)),
    );

    say(`Listing, limit=100 of 100 tickets, ${inFlight} in flight`);
    await list(seller, tickets, 100);
    const floor = await bareExpress();
    const path = '/api/tickets?limit=100';
    row('bare Express', await requestsPerSecond(`http://127.0.0.1:${floor.port}/`), '/s');
    row('the service', await requestsPerSecond(tickets + path), '/s');
    row('through the gateway', await requestsPerSecond(stack.url + path), '/s');
    row('bare Express again', await requestsPerSecond(`http://127.0.0.1:${floor.port}/`), '/s');
    floor.stop();

    say(`Orders of distinct tickets, ${inFlight} in flight, each with all that follows it`);
    row('bare compare-and-set', await compareAndSets(stack.ports.backing.mongo), '/s');
    for (const name of ['the service, cold', 'the service, warm', 'the service, warm again']) {
      const ids = await list(seller, tickets, ticketsPerRound);
      const round = await buy(buyers, orders, ids);
      row(name, round.perSecond, `/s (p50 ${round.p50Ms} ms, p99 ${round.p99Ms} ms, refused ${round.refused})`);
    }
    const ids = await list(seller, tickets, ticketsPerRound);
    const round = await buy(buyers, stack.url, ids);
    row(
      'through the gateway',
      round.perSecond,
      `/s (p50 ${round.p50Ms} ms, p99 ${round.p99Ms} ms, refused ${round.refused})`,
    );
    row('bare compare-and-set again', await compareAndSets(stack.ports.backing.mongo), '/s');

    say('Memory of the whole stack, MB resident');
    for (const { name, megabytes } of idle) row(name, megabytes, '');
    row(
      'total, idle',
      idle.reduce((sum, { megabytes }) => sum + megabytes, 0),
      '',
    );
    await people.close();
  } finally {
    await stack.stop();
  }
}

async function list(seller: Visitor, url: string, count: number): Promise<string[]> {
  const people = visitorsOf(url, inFlight);
  const lister = Object.assign(people.anonymous(), { cookie: seller.cookie });
  const ids: string[] = [];
  await inParallel(upTo(count), { width: inFlight }, async (n) => {
    const reply = await lister.request<{ id: string }>('POST', '/api/tickets', {
      title: `Concert number ${n}`,
      price: 1_000 + n,
    });
    if (reply.status !== 201) throw new Error(`listing a ticket was answered ${reply.status}`);
    ids.push(reply.body.id);
  });
  await people.close();
  return ids;
}

async function buy(buyers: Visitor[], url: string, ids: string[]) {
  const people = visitorsOf(url, inFlight);
  const shoppers = buyers.map(({ cookie }) => Object.assign(people.anonymous(), { cookie }));
  const times: number[] = [];
  let refused = 0;
  const started = performance.now();
  await inParallel(upTo(ids.length), { width: inFlight }, async (n) => {
    const elapsed = performance.now() - started;
    if (elapsed > roundSeconds * 1_000) return;
    const before = performance.now();
    const reply = await (shoppers[n % shoppers.length] as Visitor).request('POST', '/api/orders', { ticketId: ids[n] });
    if (reply.status === 201) times.push(performance.now() - before);
    else refused++;
  });
  const seconds = Math.min((performance.now() - started) / 1_000, roundSeconds + 1);
  await people.close();
  times.sort((a, b) => a - b);
  const at = (share: number) => Math.round(times[Math.floor(times.length * share)] ?? 0);
  return { perSecond: times.length / seconds, p50Ms: at(0.5), p99Ms: at(0.99), refused };
}

/** What the same database does of the one write that decides a purchase, from one process with nothing around it. */
async function compareAndSets(mongoPort: number): Promise<number> {
  const connection = await mongoose
    .createConnection(`mongodb://127.0.0.1:${mongoPort}`, { dbName: 'bench', maxPoolSize: 32 })
    .asPromise();
  const rows = connection.collection('floor');
  await rows.deleteMany({});
  await rows.insertMany(
    Array.from({ length: ticketsPerRound }, (_, n) => ({ _id: `row-${n}` as never, holder: null })),
  );
  const started = performance.now();
  let done = 0;
  await inParallel(upTo(ticketsPerRound), { width: inFlight }, async (n) => {
    if (performance.now() - started > roundSeconds * 1_000) return;
    await rows.findOneAndUpdate(
      { _id: `row-${n}` as never, holder: null },
      { $set: { holder: 'somebody' } },
      { returnDocument: 'after' },
    );
    done++;
  });
  const perSecond = done / ((performance.now() - started) / 1_000);
  await connection.dropDatabase();
  await connection.close();
  return perSecond;
}

const upTo = (count: number): number[] => [...Array(count).keys()];

async function requestsPerSecond(url: string): Promise<number> {
  await autocannon({ url, connections: inFlight, duration: 2 });
  const result = await autocannon({ url, connections: inFlight, duration: roundSeconds });
  if (result.non2xx > 0 || result.errors > 0)
    throw new Error(`${url}: ${result.non2xx} refused, ${result.errors} failed`);
  return result.requests.average;
}

function bareExpress(): Promise<{ port: number; stop(): void }> {
  const child = fork(join(__dirname, 'bare-express.ts'), { execArgv: ['--import', 'tsx'] });
  return new Promise((resolve) => child.once('message', (port: number) => resolve({ port, stop: () => child.kill() })));
}

const say = (line: string) => process.stdout.write(`\n${line}\n`);
const row = (name: string, figure: number, unit: string) =>
  process.stdout.write(`  ${name.padEnd(28)} ${Math.round(figure).toLocaleString('en').padStart(8)} ${unit}\n`);

main().catch((error: unknown) => {
  process.stderr.write(`${error instanceof Error ? error.stack : String(error)}\n`);
  process.exitCode = 1;
});
