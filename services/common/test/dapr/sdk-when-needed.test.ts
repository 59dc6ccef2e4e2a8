// The SDK's logger (roarr) leaves a listener on stdout each time it is loaded; jest loads it anew for each test file.
import * as common from '../../src';
import { inProcessDapr } from '../../src/testing';

test('When only the library and the in-process Dapr are used, then the SDK is not loaded', async () => {
  const before = process.stdout.listenerCount('error');
  const dapr = inProcessDapr();
  await dapr.close();
  expect('ROARR' in globalThis).toBe(false);

  const connected = await common.connectDapr({ host: '127.0.0.1', httpPort: 9 });
  expect('ROARR' in globalThis).toBe(true);
  expect(process.stdout.listenerCount('error')).toBe(before + 1);
  await connected.close();
});
