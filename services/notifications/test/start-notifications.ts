// The notifications service in this process, on a database of its own and the in-process Dapr, beside a small auth.
import { createHttpApp, createMetrics, ensureIndexes, type Metrics, notFound, silentLog } from '@ticketing/common';
import { type InProcessDapr, inProcessDapr, type TestDatabase, testDatabase } from '@ticketing/common/testing';
import { Router } from 'express';
import type { Connection, Model } from 'mongoose';
import { createApp } from '../src/app';
import { type MailQueue, mailModel, mailQueueIn, type QueuedMail } from '../src/data/mail-queue';
import { createMailer } from '../src/data/mailer';
import { type Post, postOffice } from '../src/data/post-office';
import { type Recipient, type Recipients, recipientModel, recipientsIn } from '../src/data/recipients';
import { pageUrls } from '../src/domain/mails/wording';
import { type MailSender, mailSender } from '../src/send/mail-sender';

export interface RunningNotifications {
  dapr: InProcessDapr;
  database: TestDatabase;
  model: Model<Recipient>;
  mails: Model<QueuedMail>;
  recipients: Recipients;
  queue: MailQueue;
  sender: MailSender;
  metrics: Metrics;
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
 */
export async function startNotifications(
  refusal: (address: string) => string | undefined = () => undefined,
  connect: (database: TestDatabase) => Promise<Connection> = async ({ connection }) => connection,
): Promise<RunningNotifications> {
  const database = await testDatabase();
  const connection = await connect(database);
  const dapr = inProcessDapr();
  const own = dapr.of('notifications');
  const model = recipientModel(connection);
  const recipients = recipientsIn(model, own.invoker);
  const mails = mailModel(connection);
  const queue = mailQueueIn(mails, dapr.clock);
  await ensureIndexes(connection);
  const mail = own.binding('mail');
  const mailer = createMailer({
    async send(operation, data, metadata) {
      const refused = refusal(metadata?.emailTo ?? '');
      if (refused) throw new Error(refused);
      await mail.send(operation, data, metadata);
    },
  });
  const metrics = createMetrics('notifications');
  const sender = mailSender({ queue, recipients, mailer, clock: dapr.clock, log: silentLog, metrics });
  const post = postOffice({ queue, announce: sender.announce });
  const app = createApp({
    recipients,
    post,
    pages: pageUrls('https://tickets.example.com'),
    log: silentLog,
    metrics,
  });
  const accounts: RunningNotifications['accounts'] = new Map();
  await dapr.register('notifications', app, { flush: sender.flush });
  await dapr.register('auth', authOf(accounts));
  closings.push(async () => {
    await dapr.close();
    await sender.stop();
    await database.close();
  });
  return { dapr, database, model, mails, recipients, queue, sender, metrics, post, accounts };
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
