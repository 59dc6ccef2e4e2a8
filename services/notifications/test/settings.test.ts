import { ConfigurationError, readConfig } from '@ticketing/common';
import { settings } from '../src/settings';

const complete = {
  APP_ID: 'notifications',
  APP_PORT: '3006',
  DAPR_HTTP_PORT: '3506',
  MONGO_URL: 'mongodb://127.0.0.1:27017',
  PUBLIC_URL: 'http://localhost:3000/',
};

describe('the settings of the service', () => {
  test('When all that is required is set, then the service starts, and links have no double slash', () => {
    expect(readConfig(settings, complete)).toMatchObject({ PUBLIC_URL: 'http://localhost:3000' });
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

  test.each(['localhost:3000', 'javascript:alert(1)', 'tickets'])(
    'When PUBLIC_URL is %s, then it is refused',
    (url) => {
      expect(() => readConfig(settings, { ...complete, PUBLIC_URL: url })).toThrow(
        new ConfigurationError('PUBLIC_URL must be an http:// or https:// address.'),
      );
    },
  );
});
