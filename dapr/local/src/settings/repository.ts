import { join } from 'node:path';

/** The top of the repository, from dapr/local/src/settings or dapr/local/dist/settings alike. */
export const repositoryDir = join(__dirname, '..', '..', '..', '..');
