import { advancePayment } from '../../src/settlement/advance-payment';
import { beginPayment } from '../../src/settlement/begin-payment';
import { createWorld, orderId, orUndecided } from './world';

const atOnce = { schedule: <T>(task: Promise<T>) => task };
const lost = true;
const heard = false;

test('When a slow look at Stripe loses against a capture, then what it saw is not held against the capture', async () => {
  // What is lost is the fifth: the answer to the capture. Creating, looking twice and begin-capture are heard.
  const world = createWorld(atOnce, [heard, heard, heard, heard, lost]);
  const { deps } = world;
  await beginPayment(deps, { ...world.order, price: 4500 });
  await world.confirm(false);

  let overtaken = false;
  const slow = {
    ...deps,
    payments: {
      ...deps.payments,
      save: async (...change: Parameters<typeof deps.payments.save>) => {
        if (!overtaken) {
          overtaken = true;
          await world.confirm(true);
          await orUndecided(advancePayment(deps, orderId));
          expect(world.payment?.state).toBe('capturing');
        }
        return deps.payments.save(...change);
      },
    },
  };
  await advancePayment(slow, orderId);
  expect(overtaken).toBe(true);
  expect(world.payment?.state).toBe('captured');
  expect(world.intents.map(({ status, refundId }) => [status, refundId])).toEqual([['succeeded', null]]);
});

test('When Stripe and the record never agree, then it is given up for now, and left to the reconciler', async () => {
  const world = createWorld(atOnce, []);
  await beginPayment(world.deps, { ...world.order, price: 4500 });
  await world.confirm(true);
  const nobodyWins = { ...world.deps, payments: { ...world.deps.payments, save: async () => null } };
  await expect(advancePayment(nobodyWins, orderId)).rejects.toThrow('did not come to rest');
});
