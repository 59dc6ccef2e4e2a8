import { ConfigurationError, readConfig } from '@ticketing/common';
import { settings } from '../src/settings';

const complete = {
  APP_ID: 'auth',
  APP_PORT: '3001',
  DAPR_HTTP_PORT: '3501',
  MONGO_URL: 'mongodb://127.0.0.1:27017',
  REDIS_URL: 'redis://127.0.0.1:6379/0',
};

describe('the settings of the service', () => {
  test('When all that is required is set, then the service starts', () => {
    expect(readConfig(settings, complete)).toMatchObject({ MONGO_URL: complete.MONGO_URL, APP_PORT: 3001 });
  });

  test.each(Object.keys(complete))('When %s is missing or empty, then one sentence names it', (name) => {
    const { [name as keyof typeof complete]: _missing, ...rest } = complete;
    for (const env of [rest, { ...rest, [name]: '' }]) {
      expect(() => readConfig(settings, env)).toThrow(ConfigurationError);
      expect(() => readConfig(settings, env)).toThrow(
        new ConfigurationError(`${name} is not set: give it a value in the environment.`),
      );
    }
  });
});
