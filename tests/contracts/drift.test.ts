import { readdirSync, readFileSync } from 'node:fs';
import { join, relative, resolve } from 'node:path';
import { contractDocuments } from '../../services/common/src/contracts-export/contract-documents';

const folder = resolve(__dirname, '../../docs/contracts');
const documents = contractDocuments();

describe('docs/contracts', () => {
  test.each([...documents.keys()])('%s is what the code says (if not, run `make contracts` and commit)', (path) => {
    expect(readFileSync(join(folder, path), 'utf8')).toBe(documents.get(path));
  });

  test('has nothing else but its README', () => {
    const files = readdirSync(folder, { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile())
      .map((entry) => relative(folder, join(entry.parentPath, entry.name)));
    expect(files.sort()).toEqual(['README.md', ...documents.keys()].sort());
  });
});
