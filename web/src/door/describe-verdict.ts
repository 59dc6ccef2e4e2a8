// What is said at the door, in words that are read at arm's length.
import type { Problem } from '@/api/problem';
import type { ETicketCheck } from '@/api/types';

export type DoorAnswer =
  | { kind: 'checked'; check: ETicketCheck; look: boolean }
  /** Not known: nobody may be sent away or let in by it. */
  | { kind: 'failed'; problem: Problem };

export interface Verdict {
  tone: 'good' | 'bad' | 'unknown';
  title: string;
  detail: string;
  /** A moment that the detail is about, RFC 3339. */
  at?: string;
}

/** Whether the same code is to be checked again: nothing is known of its guest yet. */
export const isUndecided = (answer: DoorAnswer): boolean => describeAnswer(answer).tone === 'unknown';

const forgeries: Record<string, string> = {
  NotOurs: 'This is no e-ticket of Row Fifteen. Make sure that the whole code was read.',
  UnknownKey: 'It was made by another marketplace, or its key is out of use.',
  WrongSeal: 'Its seal does not fit: it was made up or changed.',
};

export function describeAnswer(answer: DoorAnswer): Verdict {
  return answer.kind === 'failed' ? describeProblem(answer.problem) : describeCheck(answer.check, answer.look);
}

function describeCheck({ verdict, forgery, usedAt, refundedAt }: ETicketCheck, look: boolean): Verdict {
  switch (verdict) {
    case 'valid':
      return look
        ? { tone: 'good', title: 'Valid, not used yet', detail: 'You only looked: nobody was let in.' }
        : { tone: 'good', title: 'Valid: let them in', detail: 'It is used now and lets nobody else in.' };
    case 'used':
      return { tone: 'bad', title: 'Already used', detail: 'Somebody was let in with it:', ...at(usedAt) };
    case 'refunded':
      return { tone: 'bad', title: 'Refunded', detail: 'The money was given back:', ...at(refundedAt) };
    case 'forged':
      return { tone: 'bad', title: 'Not valid', detail: forgeries[forgery ?? ''] ?? 'It is not of our making.' };
  }
}

const at = (moment: string | null): { at?: string } => (moment ? { at: moment } : {});

const describeProblem = ({ status, detail }: Problem): Verdict =>
  status === 404
    ? { tone: 'bad', title: 'Not your event', detail: 'It is a real e-ticket, but for a ticket that you did not sell.' }
    : { tone: 'unknown', title: 'Could not be checked', detail };
