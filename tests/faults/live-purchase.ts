// What a buyer may do with a ticket, by the real HTTP API and the browser's calls to Stripe, whatever Stripe is up to.
import { approveAuthentication, type ConfirmResult, confirmCard } from '../../dapr/local/src/stripe-simulator';
import type { Reply, Visitor } from '../stack/visitor';
import { waitFor } from '../stack/wait-for';

const cards = { approved: '4242424242424242', declined: '4000000000000002', asks: '4000002760003184' };

/** How a life goes, and how many of a hundred go so. */
export const lives = {
  'pays and settles': 45,
  'pays and closes the browser': 20,
  'is declined, then pays': 10,
  'is declined three times': 5,
  'is asked by the bank, then settles': 5,
  'pays while giving up': 5,
  'gives up': 5,
  'walks away': 5,
} as const;
export type Life = keyof typeof lives;

export interface Buyer {
  visitor: Visitor;
  stripeUrl: string;
}

interface Opened {
  id: string;
  clientSecret: string;
  publishableKey: string;
}

/** @returns the order's id */
export async function livePurchase(buyer: Buyer, ticketId: string, life: Life): Promise<string> {
  const { visitor } = buyer;
  const order = await answered(() => visitor.request<{ id: string }>('POST', '/api/orders', { ticketId }));
  if (order.status !== 201 && order.status !== 200) throw new Error(`no order: ${JSON.stringify(order)}`);
  const { id } = order.body;
  if (life !== 'walks away') await pay(buyer, id, life);
  return id;
}

async function pay({ visitor, stripeUrl }: Buyer, orderId: string, life: Life): Promise<void> {
  const giveUp = () => answered(() => visitor.request('DELETE', `/api/orders/${orderId}`));
  if (life === 'gives up') return void (await giveUp());
  const opened = await answered(() => visitor.request<Opened>('POST', '/api/payments', { orderId }));
  // Its time may be up already, when Stripe took all of it.
  if (opened.status === 409) return;
  if (opened.status !== 201) throw new Error(`no payment: ${JSON.stringify(opened)}`);
  const { id, clientSecret, publishableKey } = opened.body;
  const call = { url: stripeUrl, clientSecret, publishableKey };
  const confirm = (cardNumber: string) => atStripe(() => confirmCard({ ...call, cardNumber }));
  const settle = () => answered(() => visitor.request('POST', `/api/payments/${id}/settle`));

  switch (life) {
    case 'pays and settles':
      await confirm(cards.approved);
      await settle();
      return;
    case 'pays and closes the browser':
      await confirm(cards.approved);
      return;
    case 'is declined, then pays':
      await confirm(cards.declined);
      await settle();
      await confirm(cards.approved);
      await settle();
      return;
    case 'is declined three times':
      for (let attempt = 0; attempt < 3; attempt++) {
        await confirm(cards.declined);
        await settle();
      }
      return;
    case 'is asked by the bank, then settles':
      await confirm(cards.asks);
      await atStripe(() => approveAuthentication(call));
      await settle();
      return;
    default:
      await confirm(cards.approved);
      await Promise.all([settle(), giveUp()]);
  }
}

/** As the web client does: again while nothing is known, as it is told to. */
const answered = <Body>(ask: () => Promise<Reply<Body>>): Promise<Reply<Body>> =>
  waitFor(
    'an answer',
    async () => {
      const reply = await ask();
      return ![429, 502, 503, 504].includes(reply.status) && reply;
    },
    120_000,
  );

/** As Stripe.js does: again after a lost connection, 429 and 500; what was done the first time is then told as an error. */
const atStripe = (ask: () => Promise<ConfirmResult>): Promise<ConfirmResult> =>
  waitFor(
    'an answer of Stripe',
    async () => {
      const result = await ask().catch(() => null);
      return result !== null && !(result.error?.type === 'api_error' || result.error?.code === 'rate_limit') && result;
    },
    120_000,
  );
