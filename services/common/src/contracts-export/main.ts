// `make contracts`: writes docs/contracts anew, and removes what is no longer generated.
import { mkdirSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { contractDocuments } from './contract-documents';

const folder = resolve(__dirname, '../../../../docs/contracts');
const writtenByHand = 'README.md';

const documents = contractDocuments();
for (const [path, text] of documents) {
  mkdirSync(dirname(join(folder, path)), { recursive: true });
  writeFileSync(join(folder, path), text);
}
for (const entry of readdirSync(folder, { recursive: true, withFileTypes: true })) {
  const path = join(entry.parentPath, entry.name);
  const known = documents.has(path.slice(folder.length + 1)) || entry.name === writtenByHand;
  if (entry.isFile() && !known) rmSync(path);
}
process.stdout.write(`docs/contracts: ${documents.size} documents written\n`);
