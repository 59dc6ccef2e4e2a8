import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Service, services } from '../../src/apps';
import { watchCompiled } from '../../src/launcher/reload-changed';
import { waitFor } from '../wait-for';

describe('watching what the compiler writes', () => {
  let repository: string;
  let changed: Service[];
  let end: () => void;
  beforeEach(() => {
    repository = mkdtempSync(join(tmpdir(), 'watch-'));
    changed = [];
    for (const folder of ['common', ...services])
      mkdirSync(join(repository, 'services', folder, 'dist', 'http'), { recursive: true });
    end = watchCompiled({ repositoryDir: repository, onChanged: (service) => changed.push(service), settleMs: 100 });
  });
  afterEach(() => {
    end();
    rmSync(repository, { recursive: true });
  });

  const write = (folder: string, file: string) =>
    writeFileSync(join(repository, 'services', folder, 'dist', file), '1');

  test('names the service, once for many files, and not for what is no code', async () => {
    write('tickets', 'app.d.ts');
    write('tickets', '.tsbuildinfo');
    for (const file of ['app.js', 'http/create-order.js', 'main.js']) write('orders', file);
    await waitFor(() => changed.length > 0);
    write('auth', 'main.js');
    await waitFor(() => changed.includes('auth'));
    expect(changed).toEqual(['orders', 'auth']);
  });

  test('names every service when what they share has changed', async () => {
    write('common', 'index.js');
    await waitFor(() => changed.length === services.length);
    expect([...changed].sort()).toEqual([...services].sort());
  });
});
