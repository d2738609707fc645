// Who may import whom: one table. Layers, the highest first; each may import those below it, and what the exceptions name.
const LAYERS = [
  ['server', '^src/(server|main|migrate|instance)'],
  ['features', '^src/(companies|mappings|customers|accounts|transactions|documents|receipts)/'],
  ['engines', '^src/(pushes|sync|events|connection)/'],
  ['edges', '^src/(sage|auth|database)/'],
  ['config', '^src/config/'],
  ['common', '^src/common/'],
];
// Among features only along the arrow: each may import those before it.
const FEATURES = ['companies', 'mappings', 'customers', 'accounts', 'transactions', 'documents', 'receipts'];

const layerRules = LAYERS.slice(1).map(([name, path], index) => ({
  name: `${name}-import-downwards`,
  severity: 'error',
  from: { path },
  to: {
    path: LAYERS.slice(0, index + 1)
      .map(([, above]) => above)
      .join('|'),
  },
}));
const featureRules = FEATURES.slice(0, -1).map((feature, index) => ({
  name: `${feature}-import-along-the-arrow`,
  severity: 'error',
  from: { path: `^src/${feature}/` },
  to: { path: `^src/(${FEATURES.slice(index + 1).join('|')})/` },
}));

module.exports = {
  forbidden: [
    ...layerRules,
    ...featureRules,
    {
      name: 'features-keep-resolvers-pulls-and-mutations-to-themselves',
      severity: 'error',
      // transactions refresh the accounts that they touch in the same run, by the accounts' own pull; and what was matched is
      // allocated as a payment of The Layer is
      from: {
        path: '^src/([^/]+)/',
        pathNot: [
          '^src/server/',
          '^src/transactions/[^/]+[.]pull[.]ts$',
          '^src/receipts/receipt-allocation[.]push[.]ts$',
        ],
      },
      to: { path: '^src/[^/]+/[^/]+[.](resolver|pull|push|mutation)[.]ts$', pathNot: '^src/$1/' },
    },
    {
      name: 'only-pulls-pushes-and-the-connection-know-sage',
      severity: 'error',
      // what stores Sage's rows names their types, and nothing else of it
      from: {
        path: '^src/',
        pathNot: [
          '[.](pull|push)[.]ts$',
          '^src/(sage|connection|server)/',
          '^src/(accounts|transactions)/store-[^/]+[.]ts$',
        ],
      },
      to: { path: '^src/sage/' },
    },
    {
      name: 'only-sage-and-the-connection-make-http-calls',
      severity: 'error',
      from: { path: '^src/', pathNot: ['^src/(sage|connection)/', '^src/server/gateway[.]ts$'] },
      to: { path: 'node_modules/undici' },
    },
    {
      name: 'the-sandbox-stands-alone',
      severity: 'error',
      from: { path: '^src/(sandbox|web)/' },
      to: { path: '^src/', pathNot: '^src/(sandbox|web)/' },
    },
    {
      name: 'nothing-imports-the-sandbox',
      severity: 'error',
      from: { path: '^src/', pathNot: '^src/(sandbox|web)/' },
      to: { path: '^src/(sandbox|web)/' },
    },
    {
      name: 'no-cycles',
      severity: 'error',
      from: {},
      to: { circular: true, viaOnly: { dependencyTypesNot: ['type-only'] } },
    },
  ],
  options: {
    tsConfig: { fileName: 'tsconfig.json' },
    tsPreCompilationDeps: true,
    doNotFollow: { path: 'node_modules' },
  },
};
