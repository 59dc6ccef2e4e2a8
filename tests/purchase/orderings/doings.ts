// What may happen to a purchase, as the one who does it sees it. Each ends when all that follows from it by itself has
// been done: its answer, the work after its answer, and the events that it brings about.
import { buyer, cards, seller, type World } from './world';

export const doings = {
  /** The buyer's card is approved and the browser says so. */
  async settle(world: World) {
    await confirm(world, cards.good);
    await settleCall(world);
  },

  /** The buyer's card is approved, the browser is closed, and Stripe tells all that it has to tell, again and again. */
  async webhook(world: World) {
    await confirm(world, cards.good);
    await webhooks(world);
  },

  /** Time is over. */
  expiry: (world: World) => world.expire(),

  /** The buyer gives up. */
  async cancel(world: World) {
    await world.ask('orders', 'DELETE', `/api/orders/${world.order()._id}`, { user: buyer });
    await world.settle();
  },

  /** The bank refuses a card, and the browser says so. */
  async decline(world: World) {
    await confirm(world, cards.declined);
    await settleCall(world);
  },

  /** The bank has refused as many cards as are allowed, and the browser says so. */
  async 'last decline'(world: World) {
    for (let tries = 0; declines(world) < 3 && tries < 3; tries++) await confirm(world, cards.declined);
    await settleCall(world);
  },

  /** The buyer comes back after a refusal, asks for the payment again, and another card is approved. */
  async retry(world: World) {
    if (declines(world) === 0) await confirm(world, cards.declined);
    if (!(await open(world))) return;
    await confirm(world, cards.good);
    await settleCall(world);
  },

  /** The buyer comes to the page where one pays. */
  async open(world: World) {
    await open(world);
    await world.settle();
  },

  /** The buyer's card is approved; the browser is closed and Stripe's webhooks are lost. */
  approval: (world: World) => confirm(world, cards.good),

  /** An operator cancels the PaymentIntent at Stripe; nobody tells. */
  async 'cancelled at Stripe'(world: World) {
    for (const { id, status } of world.stripe.intents()) if (isOpen(status)) await world.stripe.cancel(id);
  },

  /** An operator gives back what was taken, if it was. */
  refund: (world: World) => world.refund(),
} satisfies Record<string, (world: World) => Promise<void>>;

export type Doing = keyof typeof doings;

/** After these an order may end without being paid though a card was approved. */
export const endings: ReadonlySet<Doing> = new Set<Doing>(['expiry', 'cancel', 'last decline', 'cancelled at Stripe']);

/** A seller, a ticket, and a buyer who holds it. */
export async function placeOrder(world: World): Promise<void> {
  const body = { title: 'Ada and the Engines', price: 4500 };
  const listed = await world.ask('tickets', 'POST', '/api/tickets', { user: seller, body });
  const ticketId = String(listed.body.id);
  const placed = await world.ask('orders', 'POST', '/api/orders', { user: buyer, body: { ticketId } });
  if (placed.status !== 201) throw new Error(`no order was placed: ${placed.status} ${JSON.stringify(placed.body)}`);
  await world.settle();
}

/** Everything that Stripe has told so far, told again. */
export async function webhooks(world: World): Promise<void> {
  for (const { type, payload, signature } of world.stripe.webhooks()) {
    if (!subscribed.test(type)) continue;
    await world.ask('payments', 'POST', '/api/payments/webhook', { body: payload, stripeSignature: signature });
    await world.settle();
  }
}

/** As deployed: docs/contracts and the simulator's settings name the same. */
const subscribed =
  /^(payment_intent\.(amount_capturable_updated|payment_failed|succeeded|canceled)|charge\.(refunded|refund\.updated|dispute\.(created|closed))|refund\.failed)$/;

/** True when the browser was told how to pay. */
async function open(world: World): Promise<boolean> {
  const body = { orderId: world.order()._id };
  for (let tries = 0; tries < 2; tries++) {
    const { status, body: opened } = await world.ask('payments', 'POST', '/api/payments', { user: buyer, body });
    if (status === 201) {
      world.clientSecret = String(opened.clientSecret);
      return true;
    }
    if (status !== 0 && status < 500) return false;
  }
  return false;
}

async function confirm(world: World, card: string): Promise<void> {
  if (world.clientSecret) await world.stripe.confirm(world.clientSecret, card);
}

export async function settleCall(world: World): Promise<void> {
  await world.ask('payments', 'POST', `/api/payments/${world.order()._id}/settle`, { user: buyer });
  await world.settle();
}

const declines = (world: World): number => world.stripe.charges().filter(({ status }) => status === 'failed').length;

export const isOpen = (status: string): boolean => status !== 'succeeded' && status !== 'canceled';
