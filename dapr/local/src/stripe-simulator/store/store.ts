import type { Charge, PaymentIntent, PaymentMethod, Refund, StripeEvent } from '../payments/objects';
import { type Entry, Journal } from './journal';

/** A payment method and the card behind it, which decides how charges with it end. */
export interface KeptPaymentMethod {
  id: string;
  method: PaymentMethod;
  testCardNumber: string;
}

/** The first answer to a request with an Idempotency-Key. */
export interface KeptAnswer {
  id: string;
  fingerprint: string;
  path: string;
  status: number;
  body: string;
  keptAtMs: number;
}

/** An event that its webhook endpoint has not taken yet. */
export interface PendingDelivery {
  id: string;
  attempts: number;
  firstAtMs: number;
}

const keptEvents = 10_000;
const rewriteAboveBytes = 32 * 1024 * 1024;

/** Everything the simulator remembers. Changes reach the disk at `commit`, one write for all of them. */
export class Store {
  readonly intents = new Collection<PaymentIntent>('intent', this);
  readonly charges = new Collection<Charge>('charge', this);
  readonly refunds = new Collection<Refund>('refund', this);
  readonly paymentMethods = new Collection<KeptPaymentMethod>('payment_method', this);
  readonly events = new Collection<StripeEvent>('event', this);
  readonly answers = new Collection<KeptAnswer>('answer', this);
  readonly deliveries = new Collection<PendingDelivery>('delivery', this);

  private readonly chargesOfIntent = new Map<string, string[]>();
  private readonly refundsOfCharge = new Map<string, string[]>();
  private uncommitted: Entry[] = [];
  private rewrittenBytes = 0;
  private journal: Journal | null = null;

  /** Takes up what the file holds and keeps everything there from now on; until then, all is in memory only. */
  open(file: string): void {
    const { journal, entries } = Journal.open(file);
    for (const entry of entries) this.load(entry);
    this.journal = journal;
    this.rewrite();
  }

  chargesOf(intentId: string): Charge[] {
    return (this.chargesOfIntent.get(intentId) ?? []).flatMap((id) => this.charges.get(id) ?? []);
  }

  refundsOf(chargeId: string): Refund[] {
    return (this.refundsOfCharge.get(chargeId) ?? []).flatMap((id) => this.refunds.get(id) ?? []);
  }

  record(entry: Entry): void {
    if (entry.kind === 'charge') index(this.chargesOfIntent, (entry.value as Charge).payment_intent, entry.value);
    if (entry.kind === 'refund') index(this.refundsOfCharge, (entry.value as Refund).charge, entry.value);
    if (this.journal) this.uncommitted.push(entry);
  }

  commit(): void {
    this.forgetOldEvents();
    if (!this.journal || this.uncommitted.length === 0) return;
    const entries = this.uncommitted;
    this.uncommitted = [];
    this.journal.append(entries);
    if (this.journal.sizeBytes > Math.max(rewriteAboveBytes, 4 * this.rewrittenBytes)) this.rewrite();
  }

  reset(): void {
    for (const collection of this.collections()) collection.clear();
    this.chargesOfIntent.clear();
    this.refundsOfCharge.clear();
    this.uncommitted = [];
    this.rewrite();
  }

  close(): void {
    this.commit();
    this.journal?.close();
    this.journal = null;
  }

  private load({ kind, value }: Entry): void {
    const removed = kind.startsWith('-');
    const name = removed ? kind.slice(1) : kind;
    const collection = this.collections().find((candidate) => candidate.kind === name);
    if (!collection) throw new Error(`The test payments file holds "${kind}", which this version does not know.`);
    if (removed) collection.delete((value as { id: string }).id);
    else collection.put(value as never);
  }

  private forgetOldEvents(): void {
    while (this.events.size > keptEvents) {
      const oldest = this.events.firstId();
      if (oldest === undefined || this.deliveries.get(oldest)) return;
      this.events.delete(oldest);
    }
  }

  private rewrite(): void {
    if (!this.journal) return;
    this.journal.rewrite(this.everything());
    this.rewrittenBytes = this.journal.sizeBytes;
  }

  private *everything(): Generator<Entry> {
    for (const collection of this.collections()) {
      for (const value of collection.values()) yield { kind: collection.kind, value };
    }
  }

  private collections() {
    return [
      this.intents,
      this.charges,
      this.refunds,
      this.paymentMethods,
      this.events,
      this.answers,
      this.deliveries,
    ] as const;
  }
}

/** Objects of one kind by id, in the order in which they were first put. */
export class Collection<Kept extends { id: string }> {
  private readonly byId = new Map<string, Kept>();

  constructor(
    readonly kind: string,
    private readonly owner: { record(entry: Entry): void },
  ) {}

  get size(): number {
    return this.byId.size;
  }

  get(id: string): Kept | undefined {
    return this.byId.get(id);
  }

  put(value: Kept): void {
    this.byId.set(value.id, value);
    this.owner.record({ kind: this.kind, value });
  }

  delete(id: string): void {
    if (this.byId.delete(id)) this.owner.record({ kind: `-${this.kind}`, value: { id } });
  }

  firstId(): string | undefined {
    return this.byId.keys().next().value;
  }

  values(): IterableIterator<Kept> {
    return this.byId.values();
  }

  newestFirst(): Kept[] {
    return [...this.byId.values()].reverse();
  }

  clear(): void {
    this.byId.clear();
  }
}

function index(lists: Map<string, string[]>, key: string, value: unknown): void {
  const { id } = value as { id: string };
  const list = lists.get(key);
  if (!list) lists.set(key, [id]);
  else if (!list.includes(id)) list.push(id);
}
