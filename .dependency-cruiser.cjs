// Which room may know which. docs/architecture/README.md tells the same in a picture; every rule is shown to fire by
// tests/architecture/import-rules.test.ts, on a house built wrong on purpose.
const entryRooms = '(http|events|actors|reconcile)';
/** `@ticketing/common` by its name, or as it resolves once it is built. */
const common = '(@ticketing/common|services/common/(dist|src))';

module.exports = {
  forbidden: [
    {
      name: 'no-service-imports-another',
      comment: 'Services share code through @ticketing/common and talk through Dapr.',
      severity: 'error',
      from: { path: '^services/(?!common/)([^/]+)/' },
      to: { path: ['^services/', '@ticketing/'], pathNot: ['^services/$1/', common] },
    },
    {
      name: 'common-knows-no-service',
      severity: 'error',
      from: { path: '^services/common/' },
      to: { path: ['^services/(?!common/)', '@ticketing/(?!common)'] },
    },
    {
      name: 'domain-is-pure',
      comment: 'A decision is a function of what it is given: contracts and other decisions are all it may import.',
      severity: 'error',
      from: { path: '^services/([^/]+)/src/domain/' },
      to: { pathNot: ['^services/$1/src/domain/', `${common}($|/index\\.)`] },
    },
    {
      name: 'contracts-stand-alone',
      comment: 'Contracts are read by everybody and exported for other languages: they need zod and nothing else.',
      severity: 'error',
      from: { path: '^services/common/src/contracts/' },
      to: { pathNot: ['^services/common/src/contracts/', 'node_modules/zod/'] },
    },
    {
      name: 'data-below-entry-rooms',
      comment: 'Whatever is not an entry room (data, views, clients of other services) is below them.',
      severity: 'error',
      from: { path: '^services/([^/]+)/src/', pathNot: `^services/([^/]+)/src/(${entryRooms}/|(app|main)\\.ts$)` },
      to: { path: `^services/$1/src/${entryRooms}/`, pathNot: '^services/common/' },
    },
    {
      name: 'entry-rooms-apart',
      comment: 'A route does not call an event handler, nor the other way round: what they share stands below both.',
      severity: 'error',
      from: { path: `^services/([^/]+)/src/${entryRooms}/`, pathNot: '^services/common/' },
      to: { path: `^services/$1/src/${entryRooms}/`, pathNot: '^services/$1/src/$2/' },
    },
    {
      name: 'only-main-imports-app',
      severity: 'error',
      from: { path: '^services/[^/]+/src/', pathNot: '/src/main\\.ts$' },
      to: { path: '^services/[^/]+/src/(app|main)\\.ts$' },
    },
    {
      name: 'dapr-sdk-behind-the-adapter',
      comment: 'services/common/src/dapr is the only place that knows the SDK (docs/decisions/0004).',
      severity: 'error',
      from: { pathNot: '^services/common/src/dapr/' },
      to: { path: ['node_modules/@dapr/', '^@dapr/'] },
    },
    {
      name: 'testing-not-in-shipped-code',
      severity: 'error',
      from: { path: ['^services/[^/]+/src/', '^dapr/local/src/'], pathNot: '^services/common/src/testing/' },
      to: { path: ['^services/common/src/testing/', `${common}/testing`, '(^|/)test/'] },
    },
    {
      name: 'local-runtime-apart',
      comment: 'dapr/local starts services as programs; it must run before any of them is built.',
      severity: 'error',
      from: { path: '^dapr/local/' },
      to: { path: ['^services/', '@ticketing/', 'services/common/'] },
    },
    {
      name: 'web-apart',
      comment: 'The web client knows the HTTP API, not the services behind it.',
      severity: 'error',
      from: { path: '^web/' },
      to: { path: ['^services/', '@ticketing/', 'services/common/'] },
    },
    {
      name: 'no-cycles',
      comment: 'Types may know each other; code may not.',
      severity: 'error',
      from: {},
      to: { circular: true, viaOnly: { dependencyTypesNot: ['type-only'] } },
    },
    {
      name: 'no-orphans',
      comment: 'What nobody imports and nothing starts is dead. Browser scripts are read as files.',
      severity: 'error',
      from: {
        orphan: true,
        pathNot: [
          '\\.(cjs|mjs|json)$',
          '(^|/)main\\.ts$',
          '\\.test\\.ts$',
          '^tests/',
          '\\.d\\.ts$',
          '/script/browser/',
          // Loaded into apps by `node --require`.
          'runner/watch-parent\\.ts$',
          // Next finds pages by their place.
          '^web/src/app/',
        ],
      },
      to: {},
    },
  ],
  options: {
    tsPreCompilationDeps: 'specify',
    doNotFollow: { path: ['node_modules', '(^|/)dist/'] },
    exclude: { path: ['(^|/)dist/.*\\.d\\.ts$', '^tests/architecture/house-built-wrong/'] },
    combinedDependencies: true,
    enhancedResolveOptions: { exportsFields: ['exports'], conditionNames: ['import', 'require', 'node', 'default'] },
  },
};
