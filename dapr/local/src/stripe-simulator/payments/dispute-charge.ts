import { invalidRequest } from '../http/stripe-error';
import type { Change, Charge, Circumstances, Dispute } from './objects';

const secondsToAnswer = 9 * 24 * 3600;

/** The bank takes all of a captured charge back, until it has decided. https://docs.stripe.com/disputes/how-disputes-work */
export function openDispute(charge: Charge, { newId, nowSeconds }: Circumstances): Change {
  const disputed: Charge = { ...charge, disputed: true };
  const dispute: Dispute = {
    id: newId('du'),
    object: 'dispute',
    amount: charge.amount_captured,
    balance_transactions: [],
    charge: charge.id,
    created: nowSeconds,
    currency: charge.currency,
    enhanced_eligibility_types: [],
    evidence: { enhanced_evidence: {}, uncategorized_text: null },
    evidence_details: {
      due_by: nowSeconds + secondsToAnswer,
      enhanced_eligibility: {},
      has_evidence: false,
      past_due: false,
      submission_count: 0,
    },
    is_charge_refundable: false,
    livemode: false,
    metadata: {},
    payment_intent: charge.payment_intent,
    reason: 'fraudulent',
    status: 'needs_response',
  };
  return {
    charge: disputed,
    dispute,
    announce: [
      { type: 'charge.dispute.created', object: dispute },
      { type: 'charge.dispute.funds_withdrawn', object: dispute },
    ],
  };
}

/** Stripe's words for tests: https://docs.stripe.com/testing#evidence. Other evidence leaves it undecided. */
export function answerDispute(dispute: Dispute, text: string): Change & { dispute: Dispute } {
  refuseClosed(dispute);
  const answered: Dispute = {
    ...dispute,
    evidence: { ...dispute.evidence, uncategorized_text: text },
    evidence_details: { ...dispute.evidence_details, has_evidence: true, submission_count: 1 },
  };
  if (text === 'winning_evidence') return close(answered, 'won');
  return text === 'losing_evidence' ? close(answered, 'lost') : { dispute: answered, announce: [] };
}

/** Whoever closes a dispute accepts it. */
export function acceptDispute(dispute: Dispute): Change & { dispute: Dispute } {
  refuseClosed(dispute);
  return close(dispute, 'lost');
}

function close(dispute: Dispute, status: 'won' | 'lost'): Change & { dispute: Dispute } {
  const closed: Dispute = { ...dispute, status, is_charge_refundable: status === 'won' };
  return {
    dispute: closed,
    announce: [
      { type: 'charge.dispute.closed', object: closed },
      ...(status === 'won' ? [{ type: 'charge.dispute.funds_reinstated' as const, object: closed }] : []),
    ],
  };
}

function refuseClosed({ id, status }: Dispute): void {
  if (status !== 'needs_response') throw invalidRequest(`The dispute ${id} is already closed (${status}).`);
}
