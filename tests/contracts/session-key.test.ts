// The local runtime imports no service: that both sides mean the same by a key that is long enough is seen here.
import { connectSessions } from '@ticketing/common';
import { inProcessDapr, virtualClock } from '@ticketing/common/testing';
import { jwtKeyCharacters, readSettings } from '../../dapr/local/src/settings/read-settings';

const serviceTakes = (key: string) => {
  const clock = virtualClock();
  const dapr = inProcessDapr({ clock, secrets: { 'jwt-secret': { key } } }).of('auth');
  return connectSessions({ dapr, clock, env: {} }).then(
    () => true,
    () => false,
  );
};

const launcherTakes = (key: string) => {
  try {
    return readSettings({ HOME: '/home/ada', JWT_KEY: key }).jwtKey === key;
  } catch {
    return false;
  }
};

test.each([
  [jwtKeyCharacters - 1, false],
  [jwtKeyCharacters, true],
])('A JWT_KEY of %i characters is taken by `make run` and by the services alike: %s', async (length, taken) => {
  const key = 'k'.repeat(length);
  expect({ launcher: launcherTakes(key), services: await serviceTakes(key) }).toEqual({
    launcher: taken,
    services: taken,
  });
});
