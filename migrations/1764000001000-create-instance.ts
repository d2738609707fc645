import type { MigrationInterface, QueryRunner } from 'typeorm';
import { columnTypes } from '../src/database/dialect.js';
import { dialectOfRunner } from '../src/database/migration-dialect.js';

/** Layer instances. `default` exists from the start (contract/environment.md, "Tokens"). */
export class CreateInstance1764000001000 implements MigrationInterface {
  name = 'CreateInstance1764000001000';

  async up(runner: QueryRunner): Promise<void> {
    const { int, instant, table } = columnTypes[dialectOfRunner(runner)];
    await runner.query(`CREATE TABLE instance (
      id ${int} NOT NULL,
      slug VARCHAR(64) NOT NULL,
      created_at ${instant} NOT NULL,
      PRIMARY KEY (id)) ${table}`);
    await runner.query('CREATE UNIQUE INDEX instance_by_slug ON instance (slug)');
    await runner.query("INSERT INTO instance (id, slug, created_at) VALUES (1, 'default', 0)");
  }

  async down(): Promise<void> {
    throw new Error('Migrations go forward only.');
  }
}
