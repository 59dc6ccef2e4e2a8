// The notifications service in this process, on a database of its own and the in-process Dapr, beside a small auth.
import { createHttpApp, createInbox, createMetrics, ensureIndexes, notFound, silentLog } from '@ticketing/common';
import { type InProcessDapr, inProcessDapr, type TestDatabase, testDatabase } from '@ticketing/common/testing';
import { Router } from 'express';
import type { Connection, Model } from 'mongoose';
import { createApp } from '../src/app';
import { createMailer } from '../src/data/mailer';
import { type Post, postOffice, takenOverAfterMs, turnLimits } from '../src/data/post-office';
import { type Recipient, type Recipients, recipientModel, recipientsIn } from '../src/data/recipients';
import { takeTurns } from '../src/data/take-turns';
import { pageUrls } from '../src/domain/mails/wording';
import { pace } from '../src/events/pace';

export interface RunningNotifications {
  dapr: InProcessDapr;
  database: TestDatabase;
  model: Model<Recipient>;
  recipients: Recipients;
  post: Post;
  /** What auth knows; tests add to it. */
  accounts: Map<string, { id: string; email: string; version: number }>;
}

const closings: (() => Promise<void>)[] = [];

/** Ends all that this test file started. */
export async function stopNotifications(): Promise<void> {
  for (const close of closings.splice(0)) await close();
}

/**
 * @param refusal what the mail server says to an address, in gomail's words; nothing when it takes the mail
 * @param connect how the service reaches its database, when not as the test does
 * @param retryNoSoonerThanMs how slowly failures are told; at once, unless a test is about that
 */
export async function startNotifications(
  refusal: (address: string) => string | undefined = () => undefined,
  connect: (database: TestDatabase) => Promise<Connection> = async ({ connection }) => connection,
  retryNoSoonerThanMs = 0,
): Promise<RunningNotifications> {
  const database = await testDatabase();
  const connection = await connect(database);
  const dapr = inProcessDapr();
  const own = dapr.of('notifications');
  const model = recipientModel(connection);
  const recipients = recipientsIn(model, own.invoker);
  const inbox = createInbox(connection, dapr.clock, takenOverAfterMs);
  await ensureIndexes(connection);
  const mail = own.binding('mail');
  const mailer = createMailer({
    async send(operation, data, metadata) {
      const refused = refusal(metadata?.emailTo ?? '');
      if (refused) throw new Error(refused);
      await mail.send(operation, data, metadata);
    },
  });
  const post = postOffice({ inbox, recipients, mailer, turns: takeTurns(turnLimits) });
  const app = createApp({
    recipients,
    post,
    pages: pageUrls('https://tickets.example.com'),
    pace: { ...pace, retryNoSoonerThanMs },
    log: silentLog,
    metrics: createMetrics('notifications'),
  });
  const accounts: RunningNotifications['accounts'] = new Map();
  await dapr.register('notifications', app);
  await dapr.register('auth', authOf(accounts));
  closings.push(async () => {
    await dapr.close();
    await database.close();
  });
  return { dapr, database, model, recipients, post, accounts };
}

/** As much of auth as notifications asks of it. */
function authOf(accounts: RunningNotifications['accounts']) {
  const internalRoutes = Router();
  internalRoutes.get('/users/:id', (req, res) => {
    const account = accounts.get(req.params.id);
    if (!account) throw notFound('user');
    res.json(account);
  });
  return createHttpApp({ internalRoutes, log: silentLog, metrics: createMetrics('auth') });
}

/** The mails sent so far, as address and subject, sorted. */
export const sentMails = (dapr: InProcessDapr): string[] =>
  dapr.sent.map(({ metadata }) => `${metadata?.emailTo}: ${metadata?.subject}`).sort();
