import { checkMongo, connectMongo, ensureIndexes, runService } from '@ticketing/common';
import { createApp } from './app';
import { mailModel, mailQueueIn } from './data/mail-queue';
import { createMailer } from './data/mailer';
import { postOffice } from './data/post-office';
import { recipientModel, recipientsIn } from './data/recipients';
import { pageUrls } from './domain/mails/wording';
import { mailSender } from './send/mail-sender';
import { settings } from './settings';

runService(settings, async ({ config, log, metrics, dapr, clock, checkNotDraining }) => {
  const connection = await connectMongo(config.MONGO_URL, 'ticketing_notifications');
  const recipients = recipientsIn(recipientModel(connection), dapr.invoker);
  const queue = mailQueueIn(mailModel(connection), clock);
  await ensureIndexes(connection);
  const sender = mailSender({ queue, recipients, mailer: createMailer(dapr.binding('mail')), clock, log, metrics });

  const app = createApp({
    recipients,
    post: postOffice({ queue, announce: sender.announce }),
    pages: pageUrls(config.PUBLIC_URL),
    log,
    metrics,
    appApiToken: config.APP_API_TOKEN,
    eventBatchWaitMs: config.EVENT_BATCH_WAIT,
    trustProxy: config.TRUST_PROXY,
    checkReady: () => {
      checkNotDraining();
      checkMongo(connection);
    },
  });
  return { app, background: [sender], close: () => connection.close() };
});
