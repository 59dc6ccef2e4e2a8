import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { repositoryDir } from './repository';

/** Adds what `.env` at the top of the repository says; a variable that is exported already keeps its value. */
export function loadEnvFile(path = join(repositoryDir, '.env')): void {
  if (existsSync(path)) process.loadEnvFile(path);
}
