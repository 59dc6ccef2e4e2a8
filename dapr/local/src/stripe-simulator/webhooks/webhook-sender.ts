import { Agent, request } from 'undici';
import type { Faults } from '../admin/faults';
import { type Clock, secondsOf } from '../clock';
import type { StripeEvent } from '../payments/objects';
import type { SimulatorLog } from '../settings';
import type { Store } from '../store/store';
import { signWebhook } from './sign-webhook';

export interface WebhookEndpoint {
  url: string;
  secret: string;
  /** Event types it wants, `*` for all. */
  events: string[];
  firstRetryMs: number;
}

const atOnce = 16;
const timeoutMs = 10_000;
const longestRetryMs = 5 * 60_000;
const giveUpMs = 3 * 24 * 60 * 60_000;

/** Posts events to the endpoint until it takes them: at least once, in no promised order, as Stripe does. */
export class WebhookSender {
  private readonly agent = new Agent({ connections: atOnce, keepAliveTimeout: 30_000 });
  private readonly timers = new Set<NodeJS.Timeout>();
  private readonly waiting: string[] = [];
  private held: string[] = [];
  private inFlight = 0;
  private stopped = false;

  constructor(
    private readonly endpoint: WebhookEndpoint,
    private readonly store: Store,
    private readonly faults: Faults,
    private readonly clock: Clock,
    private readonly log: SimulatorLog,
  ) {}

  wants(type: string): boolean {
    return this.endpoint.events.some((wanted) => wanted === '*' || wanted === type);
  }

  /** Call after the delivery is in the store. */
  send(event: StripeEvent): void {
    const occasion = { event: event.type };
    if (this.faults.strike('drop-webhook', occasion)) {
      this.forget(event.id);
      return;
    }
    const reorder = this.faults.strike('reorder-webhook', occasion);
    if (reorder) {
      this.held.push(event.id);
      this.later(reorder.ms, () => this.releaseHeld());
      return;
    }
    const copies = this.faults.strike('repeat-webhook', occasion)?.copies ?? 0;
    const delay = this.faults.strike('delay-webhook', occasion)?.ms ?? 0;
    const ids = new Array<string>(copies + 1).fill(event.id);
    if (delay > 0) this.later(delay, () => this.enqueue(...ids));
    else this.enqueue(...ids);
    this.releaseHeld();
  }

  /** Takes up what an earlier run could not deliver. */
  resume(): void {
    this.enqueue(...[...this.store.deliveries.values()].map(({ id }) => id));
  }

  async stop(): Promise<void> {
    this.stopped = true;
    for (const timer of this.timers) clearTimeout(timer);
    await this.agent.destroy();
  }

  private enqueue(...ids: string[]): void {
    this.waiting.push(...ids);
    while (this.inFlight < atOnce && !this.stopped) {
      const id = this.waiting.shift();
      if (id === undefined) return;
      this.inFlight += 1;
      void this.deliver(id).finally(() => {
        this.inFlight -= 1;
        this.enqueue();
      });
    }
  }

  private async deliver(id: string): Promise<void> {
    const event = this.store.events.get(id);
    if (!event) return;
    const failure = await this.post(event);
    if (this.stopped) return;
    if (failure === null) this.forget(id);
    else this.retryLater(event, failure);
  }

  /** Null when the endpoint answered 2xx, else what went wrong. */
  private async post(event: StripeEvent): Promise<string | null> {
    const body = JSON.stringify(event);
    try {
      const answer = await request(this.endpoint.url, {
        method: 'POST',
        dispatcher: this.agent,
        headersTimeout: timeoutMs,
        bodyTimeout: timeoutMs,
        headers: {
          'content-type': 'application/json; charset=utf-8',
          'user-agent': 'Stripe/1.0 (+https://stripe.com/docs/webhooks)',
          'stripe-signature': signWebhook(body, this.endpoint.secret, secondsOf(this.clock)),
        },
        body,
      });
      await answer.body.dump();
      return answer.statusCode >= 200 && answer.statusCode < 300 ? null : `answered ${answer.statusCode}`;
    } catch (error) {
      return error instanceof Error ? error.message || error.name : String(error);
    }
  }

  private retryLater(event: StripeEvent, failure: string): void {
    const delivery = this.store.deliveries.get(event.id);
    if (!delivery) return;
    const attempts = delivery.attempts + 1;
    const { firstAtMs } = delivery;
    if (this.clock.now().getTime() - firstAtMs > giveUpMs) {
      this.log.error({ event: event.id, type: event.type, failure }, 'webhook given up');
      this.forget(event.id);
      return;
    }
    this.store.deliveries.put({ id: event.id, attempts, firstAtMs });
    this.store.commit();
    const waitMs = Math.min(this.endpoint.firstRetryMs * 2 ** (attempts - 1), longestRetryMs);
    this.log.warn({ event: event.id, type: event.type, failure, waitMs }, 'webhook not taken');
    this.later(waitMs, () => this.enqueue(event.id));
  }

  private forget(id: string): void {
    this.store.deliveries.delete(id);
    this.store.commit();
  }

  private releaseHeld(): void {
    const held = this.held;
    this.held = [];
    if (held.length > 0) this.later(20, () => this.enqueue(...held));
  }

  private later(waitMs: number, work: () => void): void {
    const timer = setTimeout(() => {
      this.timers.delete(timer);
      if (!this.stopped) work();
    }, waitMs);
    timer.unref();
    this.timers.add(timer);
  }
}
