import { existsSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { findLog, indented, lastLinesOf, logNames, plainLine, turnOverLogs } from '../../src/launcher/logs';

describe('logs', () => {
  let logs: string;
  beforeEach(() => {
    logs = mkdtempSync(join(tmpdir(), 'logs-'));
  });
  afterEach(() => rmSync(logs, { recursive: true }));
  const write = (name: string, text = '') => writeFileSync(join(logs, name), text);

  test('are found by name: the newest of an app, of its sidecar, of a backing program', () => {
    for (const name of [
      'orders_app_20260101000000.log',
      'orders_app_20260102000000.log',
      'orders_daprd_20260102000000.log',
      'redis.log',
    ])
      write(name);
    expect(findLog(logs, 'orders')).toBe(join(logs, 'orders_app_20260102000000.log'));
    expect(findLog(logs, 'orders.daprd')).toBe(join(logs, 'orders_daprd_20260102000000.log'));
    expect(findLog(logs, 'redis')).toBe(join(logs, 'redis.log'));
    expect(findLog(logs, '../secrets')).toBeUndefined();
    expect(logNames(logs)).toEqual(['orders', 'orders.daprd', 'redis']);
  });

  test('are turned over when large, and old starts forgotten', () => {
    write('redis.log', 'x'.repeat(10 * 1024 * 1024 + 1));
    write('mongo.log', 'small');
    for (let day = 1; day <= 8; day += 1) write(`auth_app_2026010${day}000000.log`);
    turnOverLogs(logs);
    expect(existsSync(join(logs, 'redis.log'))).toBe(false);
    expect(existsSync(join(logs, 'redis.log.1'))).toBe(true);
    expect(existsSync(join(logs, 'mongo.log'))).toBe(true);
    expect(readdirSync(logs).filter((name) => name.startsWith('auth_app'))).toEqual(
      [4, 5, 6, 7, 8].map((day) => `auth_app_2026010${day}000000.log`),
    );
  });

  test('end in the lines that are shown with a failure', () => {
    write('redis.log', `${Array.from({ length: 100 }, (_, index) => `line ${index}`).join('\n')}\n`);
    expect(lastLinesOf(logs, 'redis', 2)).toBe('  line 98\n  line 99');
    expect(lastLinesOf(logs, 'nats')).toBe('  (no log)');
    expect(indented([])).toBe('  (nothing)');
  });

  test('are shown without what dapr run puts around a line', () => {
    const escapeCharacter = String.fromCharCode(27);
    expect(plainLine(`${escapeCharacter}[94m== APP - orders == {"msg":"up"}${escapeCharacter}[0m`)).toBe(
      '{"msg":"up"}',
    );
    expect(plainLine('a == APP - b == c')).toBe('a == APP - b == c');
  });
});
