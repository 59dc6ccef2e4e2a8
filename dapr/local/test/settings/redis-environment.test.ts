import { redisEnvironment } from '../../src/settings/redis-environment';

test.each([
  [
    'redis://127.0.0.1:15050/0',
    { REDIS_HOST: '127.0.0.1:15050', REDIS_USERNAME: '', REDIS_PASSWORD: '', REDIS_DB: '0', REDIS_TLS: 'false' },
  ],
  [
    'redis://cache',
    { REDIS_HOST: 'cache:6379', REDIS_USERNAME: '', REDIS_PASSWORD: '', REDIS_DB: '0', REDIS_TLS: 'false' },
  ],
  [
    'rediss://ana:p%40ss@cache:6380/2',
    { REDIS_HOST: 'cache:6380', REDIS_USERNAME: 'ana', REDIS_PASSWORD: 'p@ss', REDIS_DB: '2', REDIS_TLS: 'true' },
  ],
])('%s in parts', (url, parts) => {
  expect(redisEnvironment(url)).toEqual(parts);
});
