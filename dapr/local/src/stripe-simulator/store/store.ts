import type { Charge, Dispute, PaymentIntent, PaymentMethod, Refund, StripeEvent } from '../payments/objects';
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

export interface StoreLimits {
  /** The newest events; one that its endpoint has not taken yet is kept twice as long. */
  events: number;
  /** PaymentIntents; the oldest that are at their end are forgotten, with all that belongs to them. */
  intents: number;
  /** The file is packed anew when this much was appended, or half of what is kept, if that is more. */
  tailBytes: number;
}

const usualLimits: StoreLimits = { events: 2_000, intents: 10_000, tailBytes: 2 * 1024 * 1024 };

/** Everything the simulator remembers. Changes reach the disk at `commit`, one write for all of them. */
export class Store {
  readonly intents = new Collection<PaymentIntent>('intent', this);
  readonly charges = new Collection<Charge>('charge', this);
  readonly refunds = new Collection<Refund>('refund', this);
  readonly disputes = new Collection<Dispute>('dispute', this);
  readonly paymentMethods = new Collection<KeptPaymentMethod>('payment_method', this);
  readonly events = new Collection<StripeEvent>('event', this);
  readonly answers = new Collection<KeptAnswer>('answer', this);
  readonly deliveries = new Collection<PendingDelivery>('delivery', this);

  private readonly chargesOfIntent = new Map<string, string[]>();
  private readonly refundsOfCharge = new Map<string, string[]>();
  private uncommitted: Entry[] = [];
  private keptBytes = 0;
  private journal: Journal | null = null;

  constructor(private readonly limits: StoreLimits = usualLimits) {}

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
    this.forgetOldIntents();
    if (!this.journal || this.uncommitted.length === 0) return;
    const entries = this.uncommitted;
    this.uncommitted = [];
    this.journal.append(entries);
    if (this.journal.tailBytes > Math.max(this.limits.tailBytes, this.keptBytes / 2)) this.rewrite();
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
    this.rewrite();
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
    const { events } = this.limits;
    while (this.events.size > events) {
      const oldest = this.events.firstId();
      if (oldest === undefined) return;
      if (this.deliveries.get(oldest) && this.events.size <= 2 * events) return;
      this.events.delete(oldest);
      this.deliveries.delete(oldest);
    }
  }

  /** In strides, as those that are not at their end are passed over each time. */
  private forgetOldIntents(): void {
    const { intents } = this.limits;
    if (this.intents.size <= 1.1 * intents) return;
    let tooMany = this.intents.size - intents;
    for (const { id, status } of this.intents.values()) {
      if (tooMany === 0) return;
      if (status !== 'succeeded' && status !== 'canceled') continue;
      this.forgetIntent(id);
      tooMany -= 1;
    }
  }

  private forgetIntent(id: string): void {
    for (const charge of this.chargesOf(id)) {
      for (const refund of this.refundsOf(charge.id)) this.refunds.delete(refund.id);
      for (const dispute of this.disputes.values()) if (dispute.charge === charge.id) this.disputes.delete(dispute.id);
      this.refundsOfCharge.delete(charge.id);
      this.charges.delete(charge.id);
      this.paymentMethods.delete(charge.payment_method);
    }
    this.chargesOfIntent.delete(id);
    this.intents.delete(id);
  }

  private rewrite(): void {
    if (this.journal) this.keptBytes = this.journal.rewrite(this.everything());
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
      this.disputes,
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
