import { copyFile, mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Charge, PaymentIntent, StripeEvent } from '../../src/stripe-simulator/payments/objects';
import { Store, type StoreLimits } from '../../src/stripe-simulator/store/store';

const limits: StoreLimits = { events: 10, intents: 20, tailBytes: 16 * 1024 };

let folder: string;
let file: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'stripe-store-'));
  file = join(folder, 'payments.jsonl');
});
afterEach(() => rm(folder, { recursive: true }));

function openStore(): Store {
  const store = new Store(limits);
  store.open(file);
  return store;
}

// The store looks at ids and statuses only.
const intentNumbered = (number: number, status: PaymentIntent['status']) =>
  ({ id: `pi_${number}`, status, description: 'x'.repeat(500) }) as PaymentIntent;
const chargeNumbered = (number: number) =>
  ({ id: `ch_${number}`, payment_intent: `pi_${number}`, payment_method: `pm_${number}` }) as Charge;
const eventNumbered = (number: number) => ({ id: `evt_${number}` }) as StripeEvent;

function keepPayments(
  store: Store,
  first: number,
  last: number,
  statusOf: (number: number) => PaymentIntent['status'],
) {
  for (let number = first; number <= last; number += 1) {
    store.intents.put(intentNumbered(number, statusOf(number)));
    store.charges.put(chargeNumbered(number));
    store.commit();
  }
}

it('forgets the oldest payments that are at their end, and what belongs to them', () => {
  const store = openStore();
  keepPayments(store, 1, 400, (number) => (number % 100 === 1 ? 'requires_capture' : 'succeeded'));
  expect(store.intents.size).toBeLessThanOrEqual(22);
  expect(store.charges.size).toBe(store.intents.size);
  expect(['pi_1', 'pi_101', 'pi_201', 'pi_301', 'pi_400'].every((id) => store.intents.get(id))).toBe(true);
  expect(store.chargesOf('pi_2')).toEqual([]);
  store.close();
});

it('keeps an event that is not delivered yet for longer, and not for ever', () => {
  const store = openStore();
  store.deliveries.put({ id: 'evt_1', attempts: 3, firstAtMs: 0 });
  const keep = (first: number, last: number) => {
    for (let number = first; number <= last; number += 1) {
      store.events.put(eventNumbered(number));
      store.commit();
    }
  };
  keep(1, 20);
  expect(store.events.get('evt_1')).toBeDefined();
  keep(21, 21);
  expect([store.events.size, store.events.get('evt_1'), store.deliveries.size]).toEqual([10, undefined, 0]);
  store.close();
});

it('bounds the file while it runs, and has at any moment all that was committed', async () => {
  const store = openStore();
  let largest = 0;
  for (let round = 0; round < 20; round += 1) {
    keepPayments(store, round * 20 + 1, round * 20 + 20, () => 'canceled');
    largest = Math.max(largest, (await stat(file)).size);
    // As a process finds it that starts after this one was killed here.
    const killed = new Store(limits);
    await copyFile(file, `${file}.copy`);
    killed.open(`${file}.copy`);
    expect([...killed.intents.values()]).toEqual([...store.intents.values()]);
    expect(killed.chargesOf('pi_20')).toEqual(store.chargesOf('pi_20'));
    killed.close();
  }
  expect(largest).toBeLessThan(2 * limits.tailBytes);
  store.close();
});

it('packs what it rewrites, and refuses packed lines that are damaged', async () => {
  const store = openStore();
  keepPayments(store, 1, 20, () => 'succeeded');
  const plain = (await stat(file)).size;
  store.close();
  expect((await stat(file)).size).toBeLessThan(plain / 8);
  const packed = await readFile(file, 'utf8');
  await writeFile(file, packed.replace(/^~..../, '~////'));
  expect(() => openStore()).toThrow(`${file}:1 is damaged`);
});
