/**
 * Three projects: `unit` is pure logic beside its file and needs nothing; `integration` runs against one embedded Postgres that
 * its global set-up starts (test/support/global-setup.ts) and an S3 server a file starts for itself; `browser` uses the page in
 * Chromium, served by local mode.
 */
// The SDK's note about Node 20 would be printed by every test file; it is the operator's to read.
process.env.AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED = 'true';

const esmPackages =
  'jose|pg-boss|openid-client|oidc-provider|uuid|oauth4webapi|serialize-error|non-error|rrule-temporal|quick-lru|oidc-token-hash|nanoid|eta|koa|raw-body';

const shared = {
  rootDir: __dirname,
  testEnvironment: 'node',
  moduleFileExtensions: ['ts', 'js', 'mjs', 'json'],
  transformIgnorePatterns: [`/node_modules/(?!(${esmPackages})/)`],
};
const { hasChromium } = require('./test/browser/support/chromium');
const transpile = ['ts-jest', { diagnostics: false, tsconfig: '<rootDir>/test/support/tsconfig.transpile.json' }];
const esm = { 'node_modules/.+\\.m?js$': '<rootDir>/test/support/esm-transformer.js' };

const browser = {
  ...shared,
  displayName: 'browser',
  testMatch: ['<rootDir>/test/browser/**/*.spec.ts'],
  globalSetup: '<rootDir>/test/browser/support/global-setup.ts',
  globalTeardown: '<rootDir>/test/browser/support/global-teardown.ts',
  transform: { '^.+\\.ts$': transpile, ...esm },
};

module.exports = {
  // Nothing waits for a time, all wait for conditions, so this only says when to give up. A build or a start of the whole product is
  // among the hooks, and several things at once share the machine. Longer than `waitFor` waits, which says what it waited for.
  testTimeout: 180_000,
  // Jest would leave one core to itself, but much of the time the tests wait: for a lost worker to be noticed, for a time limit.
  maxWorkers: '100%',
  reporters: process.env.CI ? ['default', '<rootDir>/test/support/totals-reporter.js'] : ['default'],
  projects: [
    {
      ...shared,
      displayName: 'unit',
      testMatch: ['<rootDir>/src/**/*.spec.ts', '<rootDir>/test/*.spec.ts'],
      transform: {
        '^.+\\.ts$': transpile,
        ...esm,
      },
    },
    {
      ...shared,
      displayName: 'integration',
      testMatch: ['<rootDir>/test/{medium,e2e,contract}/**/*.spec.ts'],
      globalSetup: '<rootDir>/test/support/global-setup.ts',
      globalTeardown: '<rootDir>/test/support/global-teardown.ts',
      transform: {
        // The swagger plugin needs the whole program, so types are compiled here as in the build.
        '^.+\\.ts$': [
          'ts-jest',
          { diagnostics: false, astTransformers: { before: ['<rootDir>/test/support/swagger-transformer.js'] } },
        ],
        ...esm,
      },
    },
    ...(hasChromium() ? [browser] : []),
  ],
};
