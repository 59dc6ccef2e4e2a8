// The operator's program: `node dist/audit.js [ORDER]`, for instance in the payments container. Compares what all have
// on record about money, prints each difference, and exits with 0 (none), 1 (some) or 2 (it could not be done).
import { connectDapr, isId, parseDurationMs, runCommand, systemClock } from '@ticketing/common';
import { describeLedger } from './audit/compare-order';
import { showProgress } from './audit/progress';
import { readBooks } from './audit/read-books';
import { connectStripeBooks } from './audit/read-stripe';
import { type AuditOptions, type AuditResult, auditOrder, type OrderAudit, runAudit } from './audit/run-audit';
import { withDatabases } from './audit/with-databases';
import { moneyText } from './money-text';
import { readStripeSecret } from './stripe/read-stripe-secret';

const usage = `Compares the ledger, orders, tickets and Stripe, and prints every difference.

Usage: node dist/audit.js [ORDER] [--grace=60s]

  ORDER          only this order, with its ledger
  --grace=60s    how long something that differs is looked at again, as it may be under way

It only reads, and may run while the marketplace trades. Exit code: 0 no difference, 1 differences, 2 it could not be done.

Environment: MONGO_URL (that of payments), ORDERS_MONGO_URL and TICKETS_MONGO_URL where those are kept elsewhere;
STRIPE_API_URL where a simulator plays Stripe; STRIPE_SECRET_KEY, or a Dapr sidecar (DAPR_HTTP_PORT) that has stripe-secret.
`;

const [clean, different, impossible] = [0, 1, 2];
const betweenLooksMs = 3_000;

async function audit(words: string[]): Promise<number> {
  if (words.includes('--help') || words.includes('-h')) return say(usage, clean);
  const { orderId, graceMs } = readWords(words);
  const url = process.env.MONGO_URL;
  if (!url) throw new Error('MONGO_URL is not set: name the MongoDB of the payments service.');
  const stripe = connectStripeBooks(await stripeKey(), process.env.STRIPE_API_URL || undefined);
  const urls = {
    payments: url,
    orders: process.env.ORDERS_MONGO_URL || url,
    tickets: process.env.TICKETS_MONGO_URL || url,
  };
  return withDatabases(urls, async (databases) => {
    const progress = showProgress(process.stderr);
    try {
      const options: AuditOptions = {
        books: readBooks(databases),
        stripe,
        clock: systemClock,
        graceMs,
        everyMs: betweenLooksMs,
        progress: progress.tell,
      };
      if (orderId !== undefined) {
        const audited = await auditOne(options, orderId);
        progress.end();
        return say(describeOrder(audited), audited.differences.length > 0 ? different : clean);
      }
      const result = await runAudit(options);
      progress.end();
      return say(describe(result), result.differences.size > 0 ? different : clean);
    } finally {
      progress.end();
    }
  });
}

/** @throws Error for an order that neither we nor Stripe know */
async function auditOne(options: AuditOptions, orderId: string): Promise<OrderAudit> {
  const audited = await auditOrder(options, orderId);
  if (!audited) throw new Error(`Nobody knows order ${orderId}.`);
  return audited;
}

function describeOrder({ account, differences }: OrderAudit): string {
  const { orderId, order, payment, intents } = account;
  const atStripe = intents.map(({ id, status }) => `${id} ${status}`).join(', ') || 'nothing';
  const lines = [
    `Order ${orderId}: ${order?.status ?? 'not on record'}; payment: ${payment?.state ?? 'none'}; at Stripe: ${atStripe}.`,
    ...describeLedger(payment?.ledger ?? []),
    ...(differences.length > 0 ? differences : ['No differences.']),
  ];
  return `${lines.join('\n')}\n`;
}

function describe(result: AuditResult): string {
  const { orders, payments, intents, underWay, captured, refunded, disputed, differences } = result;
  const taken = `taken ${moneyText(captured)}, given back ${moneyText(refunded)}`;
  const withBanks = disputed > 0 ? `, disputed ${moneyText(disputed)}` : '';
  const lines = [...differences].flatMap(([orderId, found]) =>
    found.map((sentence) => `Order ${orderId}: ${sentence}`),
  );
  const verdict = lines.length === 0 ? 'No differences.' : `${lines.length} differences in ${differences.size} orders.`;
  return `${lines.map((line) => `${line}\n`).join('')}${orders} orders (${underWay} under way), ${payments} payments, ${intents} PaymentIntents at Stripe; ${taken}${withBanks}.\n${verdict}\n`;
}

function readWords(words: string[]): { orderId?: string; graceMs: number } {
  let graceMs = 60_000;
  const orderIds: string[] = [];
  for (const word of words) {
    const [, grace] = /^--grace=(.*)$/.exec(word) ?? [];
    if (grace !== undefined) {
      const ms = grace === '0' ? 0 : parseDurationMs(grace);
      if (ms === undefined) throw new Error(`--grace must be a duration such as 60s or 2m, not "${grace}".`);
      graceMs = ms;
    } else if (isId(word)) orderIds.push(word);
    else throw new Error(`"${word}" is neither an order's id nor an option. See --help.`);
  }
  const [orderId, second] = orderIds;
  if (second !== undefined) throw new Error('Name one order, or none for all.');
  return { graceMs, ...(orderId === undefined ? {} : { orderId }) };
}

async function stripeKey(): Promise<string> {
  if (process.env.STRIPE_SECRET_KEY) return process.env.STRIPE_SECRET_KEY;
  const httpPort = Number(process.env.DAPR_HTTP_PORT);
  if (!httpPort)
    throw new Error('STRIPE_SECRET_KEY is not set, and there is no Dapr sidecar to ask for stripe-secret.');
  const host = process.env.DAPR_HOST || '127.0.0.1';
  const dapr = await connectDapr({ host, httpPort, apiToken: process.env.DAPR_API_TOKEN });
  try {
    return (await readStripeSecret(dapr)).secretKey;
  } finally {
    await dapr.close();
  }
}

function say(text: string, exitCode: number): number {
  process.stdout.write(text);
  return exitCode;
}

runCommand(audit(process.argv.slice(2)), { prefix: 'The audit could not be done: ', exitCode: impossible });
