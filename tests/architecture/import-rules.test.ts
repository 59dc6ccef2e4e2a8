// Each import rule, shown to fire: on a house built wrong on purpose, one fault a file.
import { execFile } from 'node:child_process';
import { join, resolve } from 'node:path';
import { promisify } from 'node:util';

const root = resolve(__dirname, '../..');
const house = join(__dirname, 'house-built-wrong');

interface Violation {
  rule: { name: string };
  from: string;
}

/** What depcruise finds in the house. It exits with the number of errors, and its report is on stdout either way. */
async function findViolations(): Promise<string[]> {
  const depcruise = join(root, 'node_modules/dependency-cruiser/bin/dependency-cruise.mjs');
  const config = join(root, '.dependency-cruiser.cjs');
  const args = [depcruise, '--config', config, '--output-type', 'json', 'services', 'dapr', 'web'];
  const { stdout } = await promisify(execFile)(process.execPath, args, { cwd: house, maxBuffer: 50_000_000 });
  const { summary } = JSON.parse(stdout) as { summary: { violations: Violation[] } };
  return summary.violations.map(({ rule, from }) => `${rule.name}: ${from}`);
}

const built = [
  ['no-service-imports-another', 'services/orders/src/http/imports-tickets.ts'],
  ['common-knows-no-service', 'services/common/src/http/knows-tickets.ts'],
  ['contracts-stand-alone', 'services/common/src/contracts/knows-the-clock.ts'],
  ['domain-is-pure', 'services/tickets/src/domain/reads-a-file.ts'],
  ['domain-is-pure', 'services/tickets/src/domain/answers-http.ts'],
  ['domain-is-pure', 'services/tickets/src/domain/reads-the-database.ts'],
  ['data-below-entry-rooms', 'services/tickets/src/data/calls-a-route.ts'],
  ['entry-rooms-apart', 'services/tickets/src/http/calls-a-handler.ts'],
  ['only-main-imports-app', 'services/tickets/src/live/knows-the-app.ts'],
  ['dapr-sdk-behind-the-adapter', 'services/common/src/http/uses-the-sdk.ts'],
  ['testing-not-in-shipped-code', 'services/tickets/src/http/leans-on-tests.ts'],
  ['local-runtime-apart', 'dapr/local/src/imports-a-service.ts'],
  ['web-apart', 'web/src/imports-a-service.ts'],
  ['no-cycles', 'services/tickets/src/data/cycle-back.ts'],
  ['no-orphans', 'services/tickets/src/data/nobody-needs-me.ts'],
] as const;

describe('The import rules', () => {
  let violations: string[];
  beforeAll(async () => {
    violations = await findViolations();
  }, 60_000);

  test.each(built)('%s finds %s', (rule, file) => {
    expect(violations).toContain(`${rule}: ${file}`);
  });

  test('let everything else in that house pass, cycles of types included', () => {
    const expected = built.map(([rule, file]) => `${rule}: ${file}`);
    expect(violations.filter((violation) => !expected.includes(violation))).toEqual([]);
  });

  test('are all shown to fire', () => {
    const { forbidden } = require(join(root, '.dependency-cruiser.cjs')) as { forbidden: { name: string }[] };
    const shown: readonly string[] = built.map(([rule]) => rule);
    expect(forbidden.map(({ name }) => name).filter((name) => !shown.includes(name))).toEqual([]);
  });
});
