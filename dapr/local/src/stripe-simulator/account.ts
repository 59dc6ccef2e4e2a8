import { type Clock, secondsOf } from './clock';
import { resourceMissing } from './http/stripe-error';
import { newId } from './ids';
import { lapseIntent, lapsesAtSeconds } from './payments/cancel-intent';
import { testCardNamed, testCardOf } from './payments/cards';
import { type CardDetails, checkCard } from './payments/check-card';
import type { PresentedCard } from './payments/confirm-intent';
import type {
  BillingDetails,
  Change,
  Charge,
  Circumstances,
  Dispute,
  EventType,
  PaymentIntent,
  Refund,
  Snapshot,
  StripeEvent,
} from './payments/objects';
import { newPaymentMethod } from './payments/payment-method';
import type { KeptPaymentMethod, Store } from './store/store';
import type { WebhookSender } from './webhooks/webhook-sender';

export const apiVersion = '2026-10-28.endive';

/** Who asked: it is named in the events that follow. */
export interface Cause {
  id: string | null;
  idempotency_key: string | null;
}

/** The one Stripe account behind the keys: finds objects, keeps changes, announces them. */
export class Account {
  /** Intents that wait for capture; all authorisations last equally long, so the first lapses first. */
  private readonly authorized = new Map<string, number>();

  constructor(
    private readonly store: Store,
    private readonly clock: Clock,
    private readonly webhooks: WebhookSender | null,
  ) {}

  /** Call when the store was filled. */
  watchAuthorizations(): void {
    for (const intent of this.store.intents.values()) this.watchAuthorization(intent);
  }

  reset(): void {
    this.store.reset();
    this.authorized.clear();
  }

  circumstances(): Circumstances {
    return { nowSeconds: secondsOf(this.clock), newId };
  }

  intent(id: string, param = 'intent'): PaymentIntent {
    return this.store.intents.get(id) ?? missing('payment_intent', id, param);
  }

  charge(id: string, param = 'id'): Charge {
    return this.store.charges.get(id) ?? missing('charge', id, param);
  }

  refund(id: string): Refund {
    return this.store.refunds.get(id) ?? missing('refund', id, 'id');
  }

  dispute(id: string): Dispute {
    return this.store.disputes.get(id) ?? missing('dispute', id, 'dispute');
  }

  event(id: string): StripeEvent {
    return this.withPending(this.store.events.get(id) ?? missing('event', id, 'id'));
  }

  latestChargeOf(intent: PaymentIntent): Charge | undefined {
    return intent.latest_charge === null ? undefined : this.store.charges.get(intent.latest_charge);
  }

  intents(): PaymentIntent[] {
    return this.store.intents.newestFirst();
  }

  charges(intentId?: string): Charge[] {
    return intentId === undefined ? this.store.charges.newestFirst() : this.store.chargesOf(intentId).reverse();
  }

  refunds(filter: { intentId?: string | undefined; chargeId?: string | undefined }): Refund[] {
    if (filter.chargeId !== undefined) return this.store.refundsOf(filter.chargeId).reverse();
    if (filter.intentId === undefined) return this.store.refunds.newestFirst();
    return this.store
      .chargesOf(filter.intentId)
      .flatMap((charge) => this.store.refundsOf(charge.id))
      .reverse();
  }

  disputes(filter: { intentId?: string | undefined; chargeId?: string | undefined }): Dispute[] {
    return this.store.disputes
      .newestFirst()
      .filter(({ charge }) => filter.chargeId === undefined || charge === filter.chargeId)
      .filter(({ payment_intent: intentId }) => filter.intentId === undefined || intentId === filter.intentId);
  }

  events(): StripeEvent[] {
    return this.store.events.newestFirst().map((event) => this.withPending(event));
  }

  /** Throws Stripe's card error when no such card can exist. */
  addCard(card: CardDetails, billing: Partial<BillingDetails>): PresentedCard {
    checkCard(card, this.clock.now());
    const method = newPaymentMethod(card, billing, this.circumstances());
    this.store.paymentMethods.put({ id: method.id, method, testCardNumber: card.number });
    return { method, testCard: testCardOf(card.number) };
  }

  /** A payment method by id; one of Stripe's ready-made names makes a fresh one each time. */
  card(id: string): PresentedCard {
    const readyMade = testCardNamed(id);
    if (readyMade) {
      const expYear = this.clock.now().getUTCFullYear() + 1;
      return this.addCard(
        { number: readyMade.number, expMonth: 12, expYear, cvc: '1234'.slice(0, readyMade.brand === 'amex' ? 4 : 3) },
        {},
      );
    }
    const kept = this.store.paymentMethods.get(id) ?? missing('PaymentMethod', id, 'payment_method');
    return presented(kept);
  }

  /** Keeps what was decided and announces it. On disk once the request's `commit` has run. */
  apply(change: Change, cause: Cause): void {
    if (change.intent) {
      this.store.intents.put(change.intent);
      this.watchAuthorization(change.intent);
    }
    if (change.charge) this.store.charges.put(change.charge);
    if (change.refund) this.store.refunds.put(change.refund);
    if (change.dispute) this.store.disputes.put(change.dispute);
    for (const { type, object } of change.announce) this.announce(type, object, cause);
  }

  /** Ends every authorisation whose seven days are over. Cheap when there is none. */
  lapseAuthorizations(): void {
    const circumstances = this.circumstances();
    for (const [intentId, lapsesAt] of this.authorized) {
      if (lapsesAt > circumstances.nowSeconds) return;
      this.authorized.delete(intentId);
      const intent = this.intent(intentId);
      const charge = this.latestChargeOf(intent);
      if (charge) this.apply(lapseIntent(intent, charge, circumstances), { id: null, idempotency_key: null });
    }
  }

  private watchAuthorization(intent: PaymentIntent): void {
    const charge = intent.status === 'requires_capture' ? this.latestChargeOf(intent) : undefined;
    if (charge) this.authorized.set(intent.id, lapsesAtSeconds(charge));
    else this.authorized.delete(intent.id);
  }

  private announce(type: EventType, object: Snapshot, cause: Cause): void {
    const wanted = this.webhooks?.wants(type) ?? false;
    const event: StripeEvent = {
      id: newId('evt'),
      object: 'event',
      api_version: apiVersion,
      created: secondsOf(this.clock),
      data: { object },
      livemode: false,
      pending_webhooks: wanted ? 1 : 0,
      request: cause,
      type,
    };
    this.store.events.put(event);
    if (!wanted || !this.webhooks) return;
    this.store.deliveries.put({ id: event.id, attempts: 0, firstAtMs: this.clock.now().getTime() });
    this.webhooks.send(event);
  }

  private withPending(event: StripeEvent): StripeEvent {
    return { ...event, pending_webhooks: this.store.deliveries.get(event.id) ? 1 : 0 };
  }
}

const presented = ({ method, testCardNumber }: KeptPaymentMethod): PresentedCard => ({
  method,
  testCard: testCardOf(testCardNumber),
});

function missing(kind: string, id: string, param: string): never {
  throw resourceMissing(kind, id, param);
}
