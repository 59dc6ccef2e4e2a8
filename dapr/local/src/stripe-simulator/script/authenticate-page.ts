/** The bank's question (3-D Secure), where a person approves a test payment or lets it fail. */
import type { IncomingMessage } from 'node:http';
import type { Answer } from '../http/answer';
import type { Api } from '../http/answer-api-call';
import { type Form, parseForm } from '../http/form';
import { Params } from '../http/params';
import { readBody } from '../http/read-body';
import { StripeError } from '../http/stripe-error';
import type { PaymentIntent } from '../payments/objects';
import { authenticatePaymentIntent } from '../routes/authenticate-payment-intent';
import { findIntent } from '../routes/find-intent';
import type { Call } from '../routes/route';
import { escapeHtml, page } from './page';
import { answerPage } from './read-assets';

export async function answerAuthentication(request: IncomingMessage, intentId: string, api: Api): Promise<Answer> {
  const isAnswer = request.method === 'POST';
  const form = parseForm(isAnswer ? await readBody(request) : ((request.url ?? '').split('?')[1] ?? ''));
  try {
    const call = callOf(intentId, form, api);
    const intent = findIntent(call);
    if (isAnswer) return answered(intent, form, call, api);
    return intent.status === 'requires_action' ? ask(intent, form) : nothingAsked();
  } catch (error) {
    if (error instanceof StripeError) return answerPage(errorPage(error.message), error.status);
    throw error;
  }
}

/** A buyer has the client secret, and no key. */
const callOf = (id: string, { client_secret: clientSecret }: Form, { account, origin }: Api): Call => ({
  account,
  id,
  key: 'publishable',
  clientSecret: typeof clientSecret === 'string' ? clientSecret : undefined,
  expand: [],
  cause: { id: null, idempotency_key: null },
  origin: origin(),
});

const ask = (intent: PaymentIntent, form: Form): Answer =>
  answerPage(
    page(
      'Is it you? (test payments)',
      `<main class="question">
<p class="notice">Test payments</p>
<h1>Is it you who pays?</h1>
<p class="amount">${escapeHtml(amountOf(intent))}</p>
<p>A bank would ask you here. Choose how this test goes on.</p>
<form method="post" action="/authenticate/${escapeHtml(intent.id)}">
<input type="hidden" name="client_secret" value="${escapeHtml(intent.client_secret)}">
${form.framed === 'true' ? '<input type="hidden" name="framed" value="true">' : ''}
<button name="outcome" value="approve">Approve the payment</button>
<button name="outcome" value="fail" class="quiet">Fail the authentication</button>
</form>
</main>
<script src="/elements/challenge.js"></script>`,
    ),
  );

function answered(intent: PaymentIntent, form: Form, call: Call, api: Api): Answer {
  const work = authenticatePaymentIntent.prepare(new Params({ outcome: form.outcome ?? '' }));
  try {
    work(call);
  } catch (error) {
    // A declined card is an answer too: whoever waits for it looks at the intent.
    if (!(error instanceof StripeError) || error.body.type !== 'card_error') throw error;
  }
  api.store.commit();
  const returnUrl =
    intent.next_action?.type === 'redirect_to_url' ? intent.next_action.redirect_to_url.return_url : null;
  if (returnUrl !== null && form.framed !== 'true') return backTo(returnUrl, call.account.intent(intent.id));
  return answerPage(
    page(
      'Answered (test payments)',
      '<main class="question"><h1>Thank you</h1><p>You can go back to the shop.</p></main><script src="/elements/answered.js"></script>',
    ),
  );
}

function backTo(returnUrl: string, intent: PaymentIntent): Answer {
  const isPaid = intent.status === 'succeeded' || intent.status === 'requires_capture';
  const location = new URL(returnUrl);
  location.searchParams.set('payment_intent', intent.id);
  location.searchParams.set('payment_intent_client_secret', intent.client_secret);
  location.searchParams.set('redirect_status', isPaid ? 'succeeded' : 'failed');
  return { status: 303, body: '', headers: { location: location.href } };
}

const nothingAsked = (): Answer => answerPage(errorPage('There is nothing to approve any more.'), 409);

const errorPage = (message: string): string =>
  page('Test payments', `<main class="question"><h1>This cannot go on</h1><p>${escapeHtml(message)}</p></main>`);

const amountOf = ({ amount, currency }: PaymentIntent): string =>
  new Intl.NumberFormat('en', { style: 'currency', currency: currency.toUpperCase() }).format(amount / 100);
