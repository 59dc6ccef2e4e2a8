import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'yaml';
import { apps, services } from '../../src/apps';
import { defaultPortBase, portsFrom } from '../../src/ports';
import { renderRunFile } from '../../src/render/render-run-file';
import {
  localConfiguration,
  localConfigurations,
  readRunFile,
  renderConfiguration,
} from '../../src/render/write-run-folder';
import { repositoryDir } from '../../src/settings/repository';

const env = {
  PORT: '4000',
  PUBLIC_URL: 'http://localhost:4000',
  HOLD_WINDOW: '8s',
  MONGO_URL: 'mongodb://127.0.0.1:15051',
  STRIPE_API_URL: '',
  PAYMENT_ATTEMPTS: '5',
  NOT_IN_THE_FILE: 'x',
};

const render = (webFromSource = false) =>
  renderRunFile(readRunFile(), {
    repositoryDir: '/repo',
    node: '/usr/bin/node',
    resourcesPath: '/repo/components/local',
    configFilePath: (committed) => `/data/run/${localConfiguration(committed)}`,
    runtimePath: '/cache/dapr',
    appDir: (app) => `/data/run/${app}`,
    ports: portsFrom(15_000),
    webFromSource,
    env,
  });

/** Every leaf as `path = value`. */
function leaves(value: unknown, path = ''): Map<string, unknown> {
  if (typeof value !== 'object' || value === null) return new Map([[path, value]]);
  return new Map(Object.entries(value).flatMap(([key, inner]) => [...leaves(inner, `${path}/${key}`)]));
}

const mayDiffer = [
  /^\/common\/(resourcesPath|configFilePath|runtimePath|placementHostAddress|schedulerHostAddress)$/,
  /^\/apps\/\d+\/(appDirPath|appPort|configFilePath|daprHTTPPort|daprGRPCPort|daprInternalGRPCPort|metricsPort)$/,
  /^\/apps\/\d+\/command\/\d+$/,
  /^\/(common|apps\/\d+)\/env\/\w+$/,
];

describe('the rendered run file', () => {
  test('has the same entries as the committed one, in the same order', () => {
    expect([...leaves(render()).keys()]).toEqual([...leaves(readRunFile()).keys()]);
  });

  test('differs from it in paths, ports and values of env only', () => {
    const committed = leaves(readRunFile());
    const changed = [...leaves(render())]
      .filter(([path, value]) => committed.get(path) !== value)
      .map(([path]) => path);
    expect(changed.length).toBeGreaterThan(50);
    expect(changed.filter((path) => !mayDiffer.some((allowed) => allowed.test(path)))).toEqual([]);
  });

  test('keeps the kind of every value', () => {
    const committed = leaves(readRunFile());
    for (const [path, value] of leaves(render()))
      expect([path, typeof value]).toEqual([path, typeof committed.get(path)]);
  });

  test('changes no word of a command but to make its path absolute', () => {
    const committed = readRunFile().apps;
    for (const [index, { command }] of render().apps.entries()) {
      const words = command.map((word) => (word === '/usr/bin/node' ? 'node' : word.replace('/repo/', '')));
      expect(words).toEqual(committed[index]?.command);
    }
  });

  test('swaps values by name and adds none', () => {
    const { common, apps: rendered } = render();
    expect(common.env).toMatchObject({ HOLD_WINDOW: '8s', MONGO_URL: env.MONGO_URL, APP_HOST: '127.0.0.1' });
    expect(rendered.find(({ appID }) => appID === 'payments')?.env).toMatchObject({
      STRIPE_API_URL: '',
      PAYMENT_ATTEMPTS: '5',
    });
    expect(JSON.stringify(rendered) + JSON.stringify(common)).not.toContain('NOT_IN_THE_FILE');
  });

  test('tells the gateway the public port, and the web client its own', () => {
    const portOf = (id: string) => render().apps.find(({ appID }) => appID === id)?.env.PORT;
    expect([portOf('gateway'), portOf('web')]).toEqual(['4000', '15009']);
  });
});

test('When sources are watched, then only the web client and the way to it run otherwise: from its sources, on the same port', () => {
  const [built, watched] = [render(), render(true)];
  const differing = built.apps.filter((app, index) => JSON.stringify(app) !== JSON.stringify(watched.apps[index]));
  expect(differing.map(({ appID }) => appID)).toEqual(['gateway', 'web']);
  expect(watched.apps.find(({ appID }) => appID === 'gateway')?.command.at(-1)).toBe('--websockets');
  expect(watched.apps.find(({ appID }) => appID === 'web')?.command.slice(2)).toEqual([
    ...['runner', '--', '/usr/bin/node', '/repo/node_modules/next/dist/bin/next', 'dev', '/repo/web'],
    ...['--port', '15009', '--hostname', '127.0.0.1'],
  ]);
});

describe('the committed run file', () => {
  const file = readRunFile();

  test('has every app, services with the ports of the table', () => {
    const ports = portsFrom(defaultPortBase);
    expect(file.apps.map(({ appID }) => appID)).toEqual([...apps]);
    for (const app of file.apps) {
      const own = ports.apps[app.appID as (typeof apps)[number]];
      expect([app.appPort, app.daprHTTPPort, app.daprGRPCPort, app.daprInternalGRPCPort, app.metricsPort]).toEqual([
        own.app,
        own.daprHttp,
        own.daprGrpc,
        own.daprInternal,
        own.daprMetrics,
      ]);
    }
  });

  test('names the ports of the table in its env', () => {
    const { backing, apps: own } = portsFrom(defaultPortBase);
    const values = new Map(file.apps.flatMap(({ env: values }) => Object.entries(values)));
    expect(Object.fromEntries(values)).toMatchObject({
      AUTH_URL: `http://127.0.0.1:${own.auth.app}`,
      TICKETS_URL: `http://127.0.0.1:${own.tickets.app}`,
      ORDERS_URL: `http://127.0.0.1:${own.orders.app}`,
      PAYMENTS_URL: `http://127.0.0.1:${own.payments.app}`,
      WEB_URL: `http://127.0.0.1:${own.web.app}`,
      STRIPE_SCRIPT_URL: `http://localhost:${backing.stripe}/stripe.js`,
      STRIPE_API_URL: `http://127.0.0.1:${backing.stripe}`,
      STRIPE_PORT: String(backing.stripe),
      SMTP_PORT: String(backing.smtp),
      INBOX_PORT: String(backing.inbox),
      INBOX_URL: `http://127.0.0.1:${backing.inbox}`,
    });
  });

  test('gives every app an env of its own: without one, dapr run fails on the common env', () => {
    for (const app of file.apps) expect(Object.keys(app.env).length).toBeGreaterThan(0);
  });

  test('runs the web client as it is built for production, under the runner, with no secret', () => {
    const web = file.apps.find(({ appID }) => appID === 'web');
    expect(web?.command.slice(2)).toEqual(['runner', '--', 'node', 'web/.next/standalone/web/server.js']);
    expect(Object.keys(web?.env ?? {}).sort()).toEqual([
      'HOSTNAME',
      'NEXT_TELEMETRY_DISABLED',
      'NODE_ENV',
      'PORT',
      'STRIPE_SCRIPT_URL',
    ]);
  });

  test('lets the sidecar of each service see whether it is alive, sooner than it gives an event up', () => {
    /** The shortest of seven tries that fail at once: see tests/architecture/retry-budget.test.ts. */
    const givenUpAfterMs = 5_000;
    for (const app of file.apps) {
      if (!(services as readonly string[]).includes(app.appID)) {
        expect(app).not.toHaveProperty('enableAppHealthCheck');
        continue;
      }
      expect(app).toMatchObject({ enableAppHealthCheck: true, appHealthCheckPath: '/healthz' });
      const { appHealthProbeInterval = 0, appHealthProbeTimeout = 0, appHealthThreshold = 0 } = app;
      expect(appHealthProbeInterval * 1_000 * appHealthThreshold).toBeLessThan(givenUpAfterMs);
      // Daprd refuses a timeout longer than the interval; a shorter one would take a busy service for a dead one.
      expect(appHealthProbeTimeout).toBe(appHealthProbeInterval * 1_000);
    }
  });

  test('runs each service under the runner', () => {
    for (const service of services) {
      expect(file.apps.find(({ appID }) => appID === service)?.command).toEqual([
        'node',
        'dapr/local/dist/main.js',
        'runner',
        '--',
        'node',
        `services/${service}/dist/main.js`,
      ]);
    }
  });
});

describe('the configurations of the sidecars', () => {
  const configDir = join(repositoryDir, 'dapr', 'config');
  const committed = (file: string) => parse(readFileSync(join(configDir, file), 'utf8'));

  test.each(localConfigurations())('%s is rendered with another path of the name file, and no other change', (file) => {
    const before = leaves(committed(file));
    const rendered = leaves(parse(renderConfiguration(file, '/data/run/names.db')));
    expect([...rendered.keys()]).toEqual([...before.keys()]);
    expect([...rendered].filter(([path, value]) => before.get(path) !== value)).toEqual([
      ['/spec/nameResolution/configuration/connectionString', '/data/run/names.db'],
    ]);
  });

  test('each app has the same here and after dapr init, by name, and nothing lies about', () => {
    const { common, apps: given } = readRunFile();
    const named = new Set([common.configFilePath, ...given.flatMap(({ configFilePath }) => configFilePath ?? [])]);
    const ofDaprInit = [...named].map((path) => path.replace('config/', ''));
    expect(readdirSync(configDir).sort()).toEqual([...ofDaprInit, ...ofDaprInit.map(localConfiguration)].sort());
    expect(localConfigurations().sort()).toEqual(ofDaprInit.map(localConfiguration).sort());
  });

  test.each(['local', 'dapr-init'])(
    '%s of one app differs from that of all in its name and its secrets only',
    (base) => {
      const ofAll = committed(`${base}.yaml`);
      const own = readdirSync(configDir).filter((file) => file.startsWith(`${base}-`) && file !== 'dapr-init.yaml');
      expect(own).toHaveLength(3);
      for (const file of own) {
        const { metadata, spec } = committed(file);
        expect(metadata.name).toBe(file.replace('.yaml', ''));
        expect({ ...spec, secrets: undefined }).toEqual({ ...ofAll.spec, secrets: undefined });
      }
    },
  );

  /** What each service asks for: connect-sessions.ts, connect-e-ticket-keys.ts, read-stripe-secret.ts. */
  const secretsOf: Record<string, string[]> = {
    auth: ['jwt-secret'],
    tickets: ['jwt-secret', 'ticket-secret'],
    orders: ['jwt-secret', 'ticket-secret'],
    payments: ['jwt-secret', 'stripe-secret'],
  };

  test.each(Object.entries(secretsOf))('%s may read %j and no other secret', (app, secrets) => {
    const { common, apps: given } = readRunFile();
    const path = given.find(({ appID }) => appID === app)?.configFilePath ?? common.configFilePath;
    for (const file of [path.replace('config/', ''), localConfiguration(path)]) {
      expect(committed(file).spec.secrets.scopes).toEqual([
        { storeName: 'secrets', defaultAccess: 'deny', allowedSecrets: secrets },
      ]);
    }
  });
});
