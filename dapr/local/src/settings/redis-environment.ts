/** The parts of a REDIS_URL as the Dapr components take them from the environment. */
export function redisEnvironment(
  url: string,
): Record<'REDIS_HOST' | 'REDIS_USERNAME' | 'REDIS_PASSWORD' | 'REDIS_DB' | 'REDIS_TLS', string> {
  const { protocol, hostname, port, username, password, pathname } = new URL(url);
  return {
    REDIS_HOST: `${hostname}:${port || '6379'}`,
    REDIS_USERNAME: decodeURIComponent(username),
    REDIS_PASSWORD: decodeURIComponent(password),
    REDIS_DB: pathname.replace('/', '') || '0',
    REDIS_TLS: String(protocol === 'rediss:'),
  };
}
