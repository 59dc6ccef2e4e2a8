import type { ETicketCheck } from '@/api/types';
import { describeAnswer } from '@/door/describe-verdict';

const check = (given: Partial<ETicketCheck>, look = false) =>
  describeAnswer({
    kind: 'checked',
    look,
    check: {
      verdict: 'valid',
      forgery: null,
      ticket: { id: 't', title: 'Ada' },
      orderId: 'o',
      usedAt: null,
      refundedAt: null,
      ...given,
    },
  });
const usedAt = '2026-12-11T18:52:07.000Z';

test.each([
  ['valid', check({ usedAt }), { tone: 'good', title: 'Valid: let them in' }],
  ['valid, only looked at', check({}, true), { tone: 'good', title: 'Valid, not used yet' }],
  ['used', check({ verdict: 'used', usedAt }), { tone: 'bad', title: 'Already used', at: usedAt }],
  [
    'refunded',
    check({ verdict: 'refunded', refundedAt: usedAt, usedAt }),
    { tone: 'bad', title: 'Refunded', at: usedAt },
  ],
  ['forged', check({ verdict: 'forged', forgery: 'WrongSeal' }), { tone: 'bad', title: 'Not valid' }],
])('When an e-ticket is %s, then the seller reads so', (_what, said, expected) => {
  expect(said).toMatchObject(expected);
});

test.each(['NotOurs', 'UnknownKey', 'WrongSeal', 'SomethingNew', null])('Why one is forged is told: %s', (forgery) => {
  expect(check({ verdict: 'forged', forgery }).detail).toMatch(/\w{3,}.*\.$/);
});

test("When the e-ticket is another seller's, or nobody answers, then that is said, and is no verdict on the guest", () => {
  const failed = (status: number) =>
    describeAnswer({ kind: 'failed', problem: { status, code: 'x', detail: 'Try again.', errors: [] } });
  expect(failed(404)).toMatchObject({ tone: 'bad', title: 'Not your event' });
  expect(failed(503)).toEqual({ tone: 'unknown', title: 'Could not be checked', detail: 'Try again.' });
});
