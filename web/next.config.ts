import { join } from 'node:path';
import type { NextConfig } from 'next';

/** The repository: packages are hoisted to it, so bundling and tracing begin there. */
const root = join(__dirname, '..');

const config: NextConfig = {
  output: 'standalone',
  outputFileTracingRoot: root,
  turbopack: { root },
  poweredByHeader: false,
  reactStrictMode: true,
  // Titles and descriptions in the head of every answer, not streamed behind it to those who run scripts.
  htmlLimitedBots: /.*/,
  sassOptions: {
    loadPaths: [join(root, 'node_modules')],
    quietDeps: true,
    // Bootstrap 5.3 is written with @import.
    silenceDeprecations: ['import', 'global-builtin', 'color-functions', 'if-function'],
  },
};

export default config;
