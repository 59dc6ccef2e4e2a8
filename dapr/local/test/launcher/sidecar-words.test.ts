import { appEnvironment, sidecarWords } from '../../src/launcher/sidecar-words';
import { readRunFile } from '../../src/render/write-run-folder';

const file = readRunFile();
const app = (id: string) => {
  const found = file.apps.find(({ appID }) => appID === id);
  if (!found) throw new Error(`no ${id}`);
  return found;
};

// Copied from the process list of a stack that `dapr run -f` 1.16.5 had started from this file.
const asTheCliDoes = `--config config/dapr-init-orders.yaml --app-protocol http --dapr-listen-addresses 127.0.0.1 --log-level info --app-max-concurrency -1 --placement-host-address localhost:50005 --resources-path ../components/dapr-init --max-body-size 4Mi --read-buffer-size 4Ki --enable-app-health-check --app-health-check-path /healthz --app-health-probe-interval 2 --app-health-probe-timeout 2000 --app-health-threshold 2 --scheduler-host-address localhost:50006 --app-id orders --app-port 14003 --dapr-http-port 14013 --dapr-grpc-port 14023 --profile-port -1 --metrics-port 14043 --dapr-internal-grpc-port 14033`;

test('a sidecar is started again with the words of dapr run', () => {
  const [daprd, ...rest] = sidecarWords(file, app('orders'));
  expect(daprd).toMatch(/\.dapr\/bin\/daprd$/);
  expect(rest.join(' ')).toBe(asTheCliDoes);
});

test('an app without a port is no channel', () => {
  expect(sidecarWords(file, app('gateway')).join(' ')).toContain('--app-port -1');
});

test('a runner is started again with the environment of dapr run, its own values before the common ones', () => {
  const own = { ...app('orders'), env: { LOG_LEVEL: 'debug', HOLD_WINDOW: '1s' } };
  expect(appEnvironment(file, own)).toMatchObject({
    APP_ID: 'orders',
    APP_PORT: '14003',
    DAPR_HTTP_PORT: '14013',
    DAPR_GRPC_PORT: '14023',
    LOG_LEVEL: 'debug',
    HOLD_WINDOW: '1s',
    PUBLIC_URL: 'http://localhost:3000',
  });
});
