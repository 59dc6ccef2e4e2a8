import {
  checkMongo,
  connectMongo,
  connectSessions,
  createOutbox,
  ensureIndexes,
  newId,
  redisRateLimiter,
  runService,
} from '@ticketing/common';
import { Redis } from 'ioredis';
import { createApp } from './app';
import { createEndSessions } from './data/end-sessions';
import { argon2Passwords } from './data/passwords';
import { userEvent } from './data/user-event';
import { userModel } from './data/user-model';
import { usersIn } from './data/users';
import { settings } from './settings';

runService(settings, async ({ config, log, metrics, dapr, clock, checkNotDraining }) => {
  const { sessions, signedOut, key: sessionKey } = await connectSessions({ dapr, clock });
  const connection = await connectMongo(config.MONGO_URL, 'ticketing_auth');
  const model = userModel(connection);
  await ensureIndexes(connection);
  const redis = new Redis(config.REDIS_URL);
  redis.on('error', (error) => log.warn({ err: error }, 'Redis'));

  const users = usersIn(model);
  const outbox = createOutbox({
    model,
    topic: 'users',
    toEvent: userEvent,
    publisher: dapr.events,
    clock,
    log,
    metrics,
  });
  const endSessions = createEndSessions({ users, signedOut, log });

  const app = createApp({
    users,
    passwords: await argon2Passwords(),
    outbox,
    endSessions,
    sessions,
    signedOut,
    sessionKey,
    limiter: redisRateLimiter(redis, 'auth'),
    clock,
    newId,
    log,
    metrics,
    appApiToken: config.APP_API_TOKEN,
    trustProxy: config.TRUST_PROXY,
    checkReady: () => {
      checkNotDraining();
      checkMongo(connection);
      if (redis.status !== 'ready') throw new Error('Redis is not connected');
    },
  });
  return {
    app,
    background: [outbox, endSessions],
    async close() {
      await connection.close();
      redis.disconnect();
    },
  };
});
