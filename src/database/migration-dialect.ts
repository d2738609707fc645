import type { QueryRunner } from 'typeorm';
import type { Dialect } from './dialect.js';

/** Which dialect a migration is being run on. */
export function dialectOfRunner(runner: QueryRunner): Dialect {
  return runner.connection.options.type === 'mysql' ? 'mysql' : 'sqlite';
}
