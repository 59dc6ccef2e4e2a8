import { checkMongo, connectMongo, createInbox, ensureIndexes, runService } from '@ticketing/common';
import { createApp } from './app';
import { createMailer } from './data/mailer';
import { postOffice, takenOverAfterMs, turnLimits } from './data/post-office';
import { recipientModel, recipientsIn } from './data/recipients';
import { takeTurns } from './data/take-turns';
import { pageUrls } from './domain/mails/wording';
import { pace } from './events/pace';
import { settings } from './settings';

runService(settings, async ({ config, log, metrics, dapr, clock, checkNotDraining }) => {
  const connection = await connectMongo(config.MONGO_URL, 'ticketing_notifications');
  const recipients = recipientsIn(recipientModel(connection), dapr.invoker);
  const inbox = createInbox(connection, clock, takenOverAfterMs);
  await ensureIndexes(connection);

  const app = createApp({
    recipients,
    post: postOffice({
      inbox,
      recipients,
      mailer: createMailer(dapr.binding('mail')),
      turns: takeTurns(turnLimits),
    }),
    pages: pageUrls(config.PUBLIC_URL),
    pace,
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
  return { app, close: () => connection.close() };
});
