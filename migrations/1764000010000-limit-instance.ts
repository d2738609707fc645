import type { MigrationInterface, QueryRunner } from 'typeorm';
import { columnTypes } from '../src/database/dialect.js';
import { dialectOfRunner } from '../src/database/migration-dialect.js';

/** Instances can be disabled, and have limits of their own on how much is asked of the gateway. */
export class LimitInstance1764000010000 implements MigrationInterface {
  name = 'LimitInstance1764000010000';

  async up(runner: QueryRunner): Promise<void> {
    const { int, instant } = columnTypes[dialectOfRunner(runner)];
    for (const column of [`disabled_at ${instant}`, `rate_per_second ${int}`, `rate_burst ${int}`])
      await runner.query(`ALTER TABLE instance ADD COLUMN ${column}`);
  }

  async down(): Promise<void> {
    throw new Error('Migrations go forward only.');
  }
}
