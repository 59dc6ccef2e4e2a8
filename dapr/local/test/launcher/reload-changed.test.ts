import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Service, services } from '../../src/apps';
import { watchCompiled } from '../../src/launcher/reload-changed';

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
  const until = async (what: string, ask: () => boolean) => {
    const deadline = Date.now() + 5_000;
    while (!ask()) {
      if (Date.now() > deadline) throw new Error(`waited in vain until ${what}: ${changed}`);
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
  };

  test('names the service, once for many files, and not for what is no code', async () => {
    write('tickets', 'app.d.ts');
    write('tickets', '.tsbuildinfo');
    for (const file of ['app.js', 'http/create-order.js', 'main.js']) write('orders', file);
    await until('orders has changed', () => changed.length > 0);
    write('auth', 'main.js');
    await until('auth has changed', () => changed.includes('auth'));
    expect(changed).toEqual(['orders', 'auth']);
  });

  test('names every service when what they share has changed', async () => {
    write('common', 'index.js');
    await until('all have changed', () => changed.length === services.length);
    expect([...changed].sort()).toEqual([...services].sort());
  });
});
