// One runner for every room; `--selectProjects` picks a slice. Projects that start real programs are kept apart
// from those that run in one process.
const base = {
  testEnvironment: 'node',
  transform: {
    '^.+\\.ts$': [
      '@swc/jest',
      { jsc: { target: 'es2022', parser: { syntax: 'typescript' } }, module: { type: 'commonjs' } },
    ],
  },
  moduleNameMapper: {
    '^@ticketing/common$': '<rootDir>/services/common/src/index.ts',
    '^@ticketing/common/testing$': '<rootDir>/services/common/src/testing/index.ts',
    '^(\\.{1,2}/.*)\\.js$': '$1',
  },
  modulePathIgnorePatterns: ['<rootDir>/.*/dist/', '<rootDir>/web/\\.next/'],
};

module.exports = {
  // For whom the machine is busy; what has to be fast is measured elsewhere.
  testTimeout: 30_000,
  reporters: ['default', '<rootDir>/tests/setup/summary-reporter.cjs'],
  projects: [
    {
      ...base,
      displayName: 'unit',
      testMatch: [
        '<rootDir>/services/*/test/**/*.test.ts',
        '<rootDir>/dapr/local/test/**/*.test.ts',
        '<rootDir>/k8s/release/test/**/*.test.ts',
        '<rootDir>/tests/{architecture,contracts,purchase}/**/*.test.ts',
      ],
      testPathIgnorePatterns: ['/node_modules/', '<rootDir>/services/common/test/conformance/real/'],
      globalSetup: '<rootDir>/tests/setup/mongo.cjs',
      globalTeardown: '<rootDir>/tests/setup/stop-mongo.cjs',
    },
    {
      ...base,
      displayName: 'web',
      testMatch: ['<rootDir>/web/test/**/*.test.{ts,tsx}'],
      transform: {
        '^.+\\.tsx?$': [
          '@swc/jest',
          {
            jsc: {
              target: 'es2022',
              parser: { syntax: 'typescript', tsx: true },
              transform: { react: { runtime: 'automatic' } },
            },
            module: { type: 'commonjs' },
          },
        ],
      },
      moduleNameMapper: {
        '^@/(.*)$': '<rootDir>/web/src/$1',
        '\\.module\\.scss$': '<rootDir>/tests/setup/class-names.cjs',
      },
    },
    { ...base, displayName: 'dapr', testMatch: ['<rootDir>/services/common/test/conformance/real/**/*.test.ts'] },
    {
      ...base,
      displayName: 'deploy',
      testMatch: ['<rootDir>/tests/deploy/{checks,images,rehearsal}/**/*.test.ts'],
      globalSetup: '<rootDir>/tests/setup/deploy-tools.cjs',
      globalTeardown: '<rootDir>/tests/setup/stop-mongo.cjs',
    },
    {
      ...base,
      displayName: 'browser',
      testMatch: ['<rootDir>/tests/browser/**/*.test.ts'],
      globalSetup: '<rootDir>/tests/setup/marketplace.cjs',
      globalTeardown: '<rootDir>/tests/setup/stop-marketplace.cjs',
    },
    // Minutes of buying, losing everything and restoring it: in `make test-all`.
    { ...base, displayName: 'restore', testMatch: ['<rootDir>/tests/deploy/restore/**/*.test.ts'] },
    { ...base, displayName: 'stripe', testMatch: ['<rootDir>/tests/stripe-mock/**/*.test.ts'] },
    { ...base, displayName: 'e2e', testMatch: ['<rootDir>/tests/{e2e,faults}/**/*.test.ts'] },
  ],
};
