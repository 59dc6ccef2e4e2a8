import { connectRecords, newId, redisRateLimiter, runService } from '@ticketing/common';
import { Redis } from 'ioredis';
import { createApp } from './app';
import { createEndSessions } from './data/end-sessions';
import { argon2Passwords } from './data/passwords';
import { userEvent } from './data/user-event';
import { userModel } from './data/user-model';
import { usersIn } from './data/users';
import { settings } from './settings';

runService(settings, async (context) => {
  const { config, log, metrics, clock } = context;
  const records = await connectRecords(context, {
    database: 'ticketing_auth',
    models: (connection) => ({ users: userModel(connection) }),
    outbox: ({ users }) => ({ model: users, topic: 'users', toEvent: userEvent }),
  });
  const { models, outbox, sessions, signedOut, key: sessionKey } = records;
  const redis = new Redis(config.REDIS_URL);
  redis.on('error', (error) => log.warn({ err: error }, 'Redis'));

  const users = usersIn(models.users);
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
      records.checkReady();
      if (redis.status !== 'ready') throw new Error('Redis is not connected');
    },
  });
  return {
    app,
    background: [outbox, endSessions],
    async close() {
      await records.close();
      redis.disconnect();
    },
  };
});
