// The whole stack with a Stripe that misbehaves in every way it can, and then the books: `make audit` finds no
// difference. PURCHASES=1000 for the long run, FAULT_SEED=n for another one.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { seededRandom } from '@ticketing/common/testing';
import { type Stack, startStack } from '../stack/start-stack';
import { type Visitor, type Visitors, visitorsOf } from '../stack/visitor';
import { waitFor } from '../stack/wait-for';
import { type Life, livePurchase, lives } from './live-purchase';
import { everything, type StripeFaults, stripeFaults } from './stripe-faults';

const purchases = Number(process.env.PURCHASES ?? 30);
const seed = Number(process.env.FAULT_SEED ?? 1);
const priceCents = 4_500;
const atOnce = 8;
const holdSeconds = 60;
/** A payment that Stripe would not let go on is taken up again after five minutes at the latest. */
const grace = '8m';

jest.setTimeout(3_600_000);

let stack: Stack;
let people: Visitors;
let seller: Visitor;
let buyers: Visitor[];
let faults: StripeFaults;
const placed: { id: string; buyer: Visitor; life: Life }[] = [];

beforeAll(async () => {
  stack = await startStack({ portBase: 26_000, env: { HOLD_WINDOW: `${holdSeconds}s` } });
  people = visitorsOf(stack.url);
  seller = await people.signUp('seller@example.com');
  buyers = await Promise.all(Array.from({ length: atOnce }, (_, n) => people.signUp(`buyer${n}@example.com`)));
  faults = stripeFaults(stripeUrl());
}, 1_600_000);

afterAll(async () => {
  await people?.close();
  await stack?.stop();
}, 60_000);

const stripeUrl = () => `http://127.0.0.1:${stack.ports.backing.stripe}`;

async function purchase(buyer: Visitor, title: string, life: Life): Promise<string> {
  const ticket = await seller.request<{ id: string }>('POST', '/api/tickets', { title, price: priceCents });
  expect(ticket.status).toBe(201);
  const id = await livePurchase({ visitor: buyer, stripeUrl: stripeUrl() }, ticket.body.id, life);
  placed.push({ id, buyer, life });
  return id;
}

async function statusesNow(): Promise<Record<string, number>> {
  const counts: Record<string, number> = {};
  for (const { id, buyer } of placed) {
    const { body } = await buyer.request<{ status: string }>('GET', `/api/orders/${id}`);
    counts[body.status] = (counts[body.status] ?? 0) + 1;
  }
  return counts;
}

const everyOrderEnded = () =>
  waitFor(
    'every order has ended',
    async () => {
      const { Completed = 0, Cancelled = 0, ...others } = await statusesNow();
      return Object.keys(others).length === 0 && { Completed, Cancelled };
    },
    900_000,
  );

/** As an operator runs it. Not waited for in one piece: connections that are closed meanwhile must be seen to be. */
async function audit(...words: string[]): Promise<{ status: number | null; stdout: string; stderr: string }> {
  const program = join(__dirname, '../../dapr/local/dist/main.js');
  const child = spawn(process.execPath, [program, 'audit', ...words], {
    env: { ...process.env, DATA_DIR: stack.dataDir },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const [[status], stdout, stderr] = await Promise.all([once(child, 'close'), text(child.stdout), text(child.stderr)]);
  return { status: status as number | null, stdout, stderr };
}

const completedOf = async (ids: readonly string[], buyer: Visitor) => {
  const statuses = await Promise.all(ids.map((id) => buyer.request<{ status: string }>('GET', `/api/orders/${id}`)));
  return statuses.filter(({ body }) => body.status === 'Completed').length;
};

test(`When Stripe misbehaves through ${purchases} purchases, then the books agree to the cent`, async () => {
  const random = seededRandom(seed);
  const chosen = Array.from({ length: purchases }, () => choose(random.next()));
  await faults.misbehave(everything(seed));
  const startedAt = Date.now();
  let next = 0;
  const buy = async (buyer: Visitor) => {
    for (let n = next++; n < chosen.length; n = next++) await purchase(buyer, `Ticket ${n}`, chosen[n] ?? 'walks away');
  };
  await Promise.all(buyers.map(buy));
  const boughtSeconds = Math.round((Date.now() - startedAt) / 1000);
  const ended = await everyOrderEnded();
  const struck = await faults.behave();
  const auditedAt = Date.now();
  const { status, stdout, stderr } = await audit(`--grace=${grace}`);
  const auditSeconds = Math.round((Date.now() - auditedAt) / 1000);
  process.stdout.write(
    `${JSON.stringify({ seed, purchases, boughtSeconds, ...ended, struck, auditSeconds }, null, 2)}\n${stderr}${stdout}`,
  );

  expect({ status, stderr: status === 0 ? '' : stderr, stdout }).toEqual({
    status: 0,
    stderr: '',
    stdout: expect.stringMatching(/No differences\.\n$/),
  });
  expect(stdout).toContain(`${purchases} orders (0 under way)`);
  // Nobody who completed was not charged, and nobody else was, but for what was given back.
  const [, taken = '', back = ''] = /taken ([\d.]+) USD, given back ([\d.]+) USD/.exec(stdout) ?? [];
  expect(Number(taken) - Number(back)).toBeCloseTo((ended.Completed * priceCents) / 100, 2);
  // Each kind of fault struck, once the run is long enough to expect it of the rarest.
  const silent = Object.entries(struck).filter(([, times]) => times === 0);
  expect(purchases < 500 ? Object.values(struck).reduce((sum, times) => sum + times, 0) > 0 : silent).toEqual(
    purchases < 500 ? true : [],
  );
});

test('When webhooks never come, then settling suffices, and where the browser was closed, the reconciler', async () => {
  await faults.misbehave([{ kind: 'drop-webhook' }]);
  const [buyer] = buyers as [Visitor];
  const ids: string[] = [];
  for (let n = 0; n < 4; n++) ids.push(await purchase(buyer, `No word ${n}`, 'pays and settles'));
  for (let n = 4; n < 8; n++) ids.push(await purchase(buyer, `No word ${n}`, 'pays and closes the browser'));
  await waitFor('all are completed', async () => (await completedOf(ids, buyer)) === ids.length, holdSeconds * 1_000);
  const { 'drop-webhook': dropped } = await faults.behave();
  expect(dropped).toBeGreaterThanOrEqual(ids.length * 2);
});

test('When only webhooks come, as every browser was closed after confirming, then they suffice', async () => {
  const [, buyer] = buyers as [Visitor, Visitor];
  const ids: string[] = [];
  for (let n = 0; n < 6; n++) ids.push(await purchase(buyer, `Only word ${n}`, 'pays and closes the browser'));
  await waitFor('all are completed', async () => (await completedOf(ids, buyer)) === ids.length, holdSeconds * 1_000);
});

test('When the books are looked at in the end, then they agree; when a hand changes them, then it is told', async () => {
  await everyOrderEnded();
  expect(await audit()).toMatchObject({ status: 0, stdout: expect.stringContaining('No differences.') });

  const completed = await firstCompleted('pays and settles');
  const one = await audit(completed?.id ?? '');
  expect(one).toMatchObject({ status: 0, stdout: expect.stringMatching(/45\.00 USD reserved.*\n.*45\.00 USD taken/) });

  await refundInPart(/(pi_\w+) succeeded/.exec(one.stdout)?.[1] ?? '');
  const { status, stdout } = await audit('--grace=0');
  expect([status, stdout]).toEqual([
    1,
    expect.stringContaining(`Order ${completed?.id}: Stripe says that 1.00 USD were given back`),
  ]);
  expect(await audit('--grace=soon')).toMatchObject({ status: 2, stderr: expect.stringContaining('--grace must be') });
});

/** One may have been cancelled all the same, when Stripe took all of its time. */
async function firstCompleted(wanted: Life): Promise<{ id: string } | undefined> {
  for (const one of placed.filter(({ life }) => life === wanted))
    if ((await completedOf([one.id], one.buyer)) === 1) return one;
  return undefined;
}

/** Somebody at Stripe's dashboard. */
async function refundInPart(intentId: string): Promise<void> {
  const secrets = JSON.parse(readFileSync(join(stack.dataDir, 'secrets.json'), 'utf8')) as Record<
    string,
    { secretKey: string }
  >;
  const answer = await fetch(`${stripeUrl()}/v1/refunds`, {
    method: 'POST',
    headers: { authorization: `Bearer ${secrets['stripe-secret']?.secretKey}` },
    body: new URLSearchParams({ payment_intent: intentId, amount: '100' }),
  });
  expect(answer.status).toBe(200);
}

function choose(share: number): Life {
  let left = share * 100;
  for (const [life, weight] of Object.entries(lives)) {
    left -= weight;
    if (left < 0) return life as Life;
  }
  return 'walks away';
}
