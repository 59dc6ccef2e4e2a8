import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { appendFile, mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import Stripe from 'stripe';
import { waitFor } from '../wait-for';
import { keys, openAccount } from './open-account';
import { openEndpoint } from './open-endpoint';

let folder: string;
let dataFile: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'stripe-simulator-'));
  dataFile = join(folder, 'payments.jsonl');
});
afterEach(() => rm(folder, { recursive: true }));

it('has every payment after a restart, and goes on with them', async () => {
  const first = await openAccount({ dataFile });
  const open = await first.createIntent();
  const paid = await first.createIntent({}, { idempotencyKey: 'paid' });
  await first.pay(paid);
  await first.stop();

  const second = await openAccount({ dataFile });
  expect((await second.pay(open)).paymentIntent?.status).toBe('requires_capture');
  expect(await second.stripe.paymentIntents.capture(paid.id)).toMatchObject({ status: 'succeeded' });
  expect((await second.createIntent({}, { idempotencyKey: 'paid' })).id).toBe(paid.id);
  const charges = await second.stripe.charges.list({ payment_intent: paid.id });
  expect(charges.data).toHaveLength(1);
  await second.stop();
});

it('loses nothing it answered when it is killed', async () => {
  const { process: child, url } = await startProcess();
  const stripe = new Stripe(keys.secretKey, { host: '127.0.0.1', port: new URL(url).port, protocol: 'http' });
  const made: string[] = [];
  for (let count = 0; count < 20; count += 1) {
    const intent = await stripe.paymentIntents.create({
      amount: 2000,
      currency: 'usd',
      payment_method: 'pm_card_visa',
      confirm: true,
    });
    made.push(intent.id);
  }
  child.kill('SIGKILL');
  await once(child, 'exit');

  const after = await openAccount({ dataFile });
  const kept = await after.stripe.paymentIntents.list({ limit: 100 });
  expect(kept.data.map(({ id }) => id).reverse()).toEqual(made);
  expect(kept.data.every(({ status }) => status === 'succeeded')).toBe(true);
  await after.stop();
});

it('forgets a line that was cut short, and refuses a file that is damaged elsewhere', async () => {
  const first = await openAccount({ dataFile });
  const intent = await first.createIntent();
  await first.stop();
  await appendFile(dataFile, '["intent",{"id":"pi_ha');
  const second = await openAccount({ dataFile });
  expect((await second.stripe.paymentIntents.list()).data.map(({ id }) => id)).toEqual([intent.id]);
  await second.stop();

  await writeFile(dataFile, `damage\n${await readFile(dataFile, 'utf8')}`);
  await expect(openAccount({ dataFile })).rejects.toThrow(`${dataFile}:1 is damaged`);
});

it('goes on delivering webhooks', async () => {
  const endpoint = await openEndpoint();
  endpoint.answerNext(500);
  const first = await openAccount({ dataFile, webhookUrl: endpoint.url, webhookRetryMs: 60_000 });
  await first.createIntent();
  await waitFor(() => endpoint.attempts.length === 1);
  await first.stop();

  const second = await openAccount({ dataFile, webhookUrl: endpoint.url });
  await waitFor(() => endpoint.events.length === 1);
  expect(endpoint.events[0]?.id).toBe(endpoint.attempts[0]);
  await second.stop();
  await endpoint.stop();
});

it('lets authorisations lapse that are a week old, also over a restart', async () => {
  let now = new Date();
  const clock = { now: () => now };
  const first = await openAccount({ dataFile, clock });
  const old = await first.createIntent();
  await first.pay(old);
  now = new Date(now.getTime() + 3 * 24 * 60 * 60_000);
  const young = await first.createIntent();
  await first.pay(young);
  await first.stop();

  const second = await openAccount({ dataFile, clock });
  now = new Date(now.getTime() + 4 * 24 * 60 * 60_000);
  expect(await second.stripe.paymentIntents.retrieve(old.id)).toMatchObject({
    status: 'canceled',
    cancellation_reason: 'automatic',
  });
  expect(await second.stripe.paymentIntents.retrieve(young.id)).toMatchObject({ status: 'requires_capture' });
  const types = (await second.stripe.events.list()).data.map(({ type }) => type);
  expect(types.slice(0, 2).sort()).toEqual(['charge.expired', 'payment_intent.canceled']);
  await second.stop();
});

it('keeps the file near the size of what is in it', async () => {
  const account = await openAccount({ dataFile });
  const payments = 60;
  for (let count = 0; count < payments; count += 1) {
    const intent = await account.createIntent({}, { idempotencyKey: `create ${count}` });
    await account.pay(intent);
    await account.stripe.paymentIntents.capture(intent.id, {}, { idempotencyKey: `capture ${count}` });
  }
  const before = (await stat(dataFile)).size;
  await account.stop();
  const after = (await stat(dataFile)).size;
  expect(after).toBeLessThan(before / 8);
  expect(after / payments).toBeLessThan(2_000);

  const again = await openAccount({ dataFile });
  const { data } = await again.stripe.paymentIntents.list({ limit: 100 });
  expect(data.map(({ status }) => status)).toEqual(new Array(payments).fill('succeeded'));
  await again.stop();
});

async function startProcess(): Promise<{ process: ChildProcess; url: string }> {
  const script = join(__dirname, 'run-simulator.ts');
  const child = spawn(process.execPath, ['--import', 'tsx', script, dataFile], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const [line] = (await once(child.stdout, 'data')) as [Buffer];
  return { process: child, url: line.toString().trim() };
}
