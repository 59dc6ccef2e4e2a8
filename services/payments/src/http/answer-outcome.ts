import { isId, type PaymentOutcome } from '@ticketing/common';
import type { RequestHandler } from 'express';
import type { SettlementDeps } from '../settlement/deps';
import { findOutcome } from '../settlement/find-outcome';
import type { WorkInHand } from '../settlement/work-in-hand';
import { unknownPayment } from './problems';

interface Deps extends SettlementDeps {
  work: WorkInHand;
}

/** Before the sidecars' call times out after 5 s; what takes longer goes on here, and orders asks again. */
const answerWithinMs = 3_500;

/** Stripe's final word, or `pending` while it is not known: never a guess. */
export const answerOutcome =
  (deps: Deps): RequestHandler =>
  async (req, res) => {
    const { orderId } = req.params;
    if (!isId(orderId)) throw unknownPayment();
    let timer: NodeJS.Timeout | undefined;
    const outcome = await new Promise<PaymentOutcome>((resolve) => {
      timer = setTimeout(() => resolve('pending'), answerWithinMs);
      deps.work.begin(`the outcome of ${orderId}`, () =>
        findOutcome(deps, orderId).then(resolve, (error: unknown) => {
          resolve('pending');
          throw error;
        }),
      );
    });
    clearTimeout(timer);
    res.json({ outcome });
  };
