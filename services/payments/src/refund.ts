// The operator's program: `node dist/refund.js ORDER [--yes]` where MONGO_URL is the payments service's, for instance in
// its container. Without an order it lists the refunds that are not done yet.
import { createInterface } from 'node:readline/promises';
import { connectMongo, isId, runCommand, systemClock } from '@ticketing/common';
import { paymentModel } from './data/payment-model';
import { type Payments, paymentsIn } from './data/payments';
import { disputeAgainst } from './domain/refund-payment';
import { askRefund, describeRefund, orderRefund } from './operate/order-refund';

async function refund(payments: Payments, words: string[]): Promise<number> {
  const orderId = words.find((word) => !word.startsWith('-'));
  if (orderId === undefined) return list(payments);
  if (!isId(orderId)) return say(`"${orderId}" is no order's id.`, 2);
  const payment = await payments.find(orderId);
  if (!payment) return say(`Order ${orderId} has no payment.`, 1);
  if (payment.state !== 'captured' || disputeAgainst(payment))
    return say(describeRefund(payment), isGivenBack(payment.state) ? 0 : 1);
  if (!words.includes('--yes') && !(await confirmed(askRefund(payment)))) return say('Nothing was changed.', 0);
  const ordered = await orderRefund(payments, orderId);
  if (!ordered.found) return say(`Order ${orderId} has no payment.`, 1);
  return say(describeRefund(ordered.payment), ordered.refundable ? 0 : 1);
}

async function list(payments: Payments): Promise<number> {
  const waiting = await payments.findRefunding();
  return say(waiting.length > 0 ? waiting.map(describeRefund).join('\n') : 'No refund is waiting.', 0);
}

const isGivenBack = (state: string): boolean => state === 'refunding' || state === 'refunded';

async function confirmed(question: string): Promise<boolean> {
  if (!process.stdin.isTTY) throw new Error('Nobody can be asked here: --yes (YES=1 with make) refunds unasked.');
  const asking = createInterface({ input: process.stdin, output: process.stdout });
  try {
    return /^y(es)?$/i.test((await asking.question(`${question} [y/N] `)).trim());
  } finally {
    asking.close();
  }
}

function say(text: string, exitCode: number): number {
  process.stdout.write(`${text}\n`);
  return exitCode;
}

async function main(): Promise<number> {
  const url = process.env.MONGO_URL;
  if (!url) throw new Error('MONGO_URL is not set: name the MongoDB of the payments service.');
  const connection = await connectMongo(url, 'ticketing_payments');
  try {
    const model = paymentModel(connection);
    // Due at once: the service's reconciler takes it in its next round.
    const payments = paymentsIn({ model, announce: () => undefined, clock: systemClock, reconcileAfterMs: 0 });
    return await refund(payments, process.argv.slice(2));
  } finally {
    await connection.close();
  }
}

runCommand(main());
