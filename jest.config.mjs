// Three projects: plain tests run once; *.db.test.ts run on SQLite, and again on MySQL or MariaDB where one answers.
import { mysqlTestServer } from './test/support/mysql-test-server.mjs';

const shared = {
  rootDir: import.meta.dirname,
  testEnvironment: 'node',
  extensionsToTreatAsEsm: ['.ts'],
  transform: { '^.+\\.ts$': '@swc/jest' },
  moduleNameMapper: { '^(\\.{1,2}/.*)\\.js$': '$1' },
  setupFiles: ['reflect-metadata'],
};
const database = { ...shared, testMatch: ['<rootDir>/test/**/*.db.test.ts'] };
const mysqlUrl = await mysqlTestServer();

export default {
  maxWorkers: 2,
  reporters: ['default', '<rootDir>/test/support/closing-line-reporter.mjs'],
  testTimeout: 60_000,
  projects: [
    {
      ...shared,
      displayName: 'plain',
      testMatch: ['<rootDir>/test/**/!(*.db).test.ts'],
      globals: { TEST_DATABASE_URL: 'sqlite' },
    },
    { ...database, displayName: 'sqlite', globals: { TEST_DATABASE_URL: 'sqlite' } },
    ...(mysqlUrl ? [{ ...database, displayName: 'mysql', globals: { TEST_DATABASE_URL: mysqlUrl } }] : []),
  ],
};
