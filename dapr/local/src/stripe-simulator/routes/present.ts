/** What an answer shows: whole objects where they were asked for, and only the public fields to a browser. */
import { invalidRequest } from '../http/stripe-error';
import type { Charge, Dispute, PaymentIntent, Refund } from '../payments/objects';
import type { Call } from './route';

type Shown = PaymentIntent | Charge | Refund | Dispute;

export function present(object: Shown, call: Call): object {
  const expanded = expand(object, call.expand, call);
  return call.key === 'secret' ? expanded : publicFields(expanded);
}

export function presentList(objects: Shown[], hasMore: boolean, url: string, call: Call): object {
  const expandItems = call.expand.map((path) => {
    if (path.startsWith('data.')) return path.slice('data.'.length);
    throw notExpandable(path);
  });
  const data = objects.map((object) => expand(object, expandItems, call));
  return { object: 'list', data, has_more: hasMore, url };
}

/** Stripe's list of what a publishable key may see of an intent. */
const publicIntentFields = [
  'id',
  'object',
  'amount',
  'amount_details',
  'automatic_payment_methods',
  'canceled_at',
  'cancellation_reason',
  'capture_method',
  'client_secret',
  'confirmation_method',
  'created',
  'currency',
  'description',
  'last_payment_error',
  'livemode',
  'next_action',
  'payment_method',
  'payment_method_configuration_details',
  'payment_method_types',
  'processing',
  'receipt_email',
  'setup_future_usage',
  'shipping',
  'source',
  'status',
] as const;

const publicFields = (intent: object): object =>
  Object.fromEntries(publicIntentFields.map((field) => [field, (intent as Record<string, unknown>)[field]]));

function expand(object: Shown, paths: string[], call: Call): object {
  const expanded: Record<string, unknown> = { ...object };
  for (const path of paths) {
    const [field = '', ...deeper] = path.split('.');
    const found = lookUp(object, field, call);
    if (found === undefined) throw notExpandable(path);
    expanded[field] = found && isShown(found) ? expand(found, deeper.length ? [deeper.join('.')] : [], call) : found;
  }
  return expanded;
}

/** Undefined when the field cannot be expanded. */
function lookUp(object: Shown, field: string, { account }: Call): object | null | undefined {
  if (field === 'payment_method' && object.object !== 'dispute')
    return object.payment_method ? account.card(object.payment_method).method : null;
  if (object.object === 'payment_intent') {
    return field === 'latest_charge' ? (account.latestChargeOf(object) ?? null) : undefined;
  }
  if (field === 'payment_intent') return account.intent(object.payment_intent);
  if (object.object === 'refund' || object.object === 'dispute')
    return field === 'charge' ? account.charge(object.charge) : undefined;
  if (field !== 'refunds') return undefined;
  const data = account.refunds({ chargeId: object.id });
  return { object: 'list', data, has_more: false, url: `/v1/charges/${object.id}/refunds` };
}

const isShown = (object: object): object is Shown =>
  'object' in object && ['payment_intent', 'charge', 'refund', 'dispute'].includes(String(object.object));

const notExpandable = (path: string) =>
  invalidRequest(`This property cannot be expanded (${path}).`, { param: 'expand' });
