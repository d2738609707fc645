import type { MigrationInterface, QueryRunner } from 'typeorm';
import { columnTypes } from '../src/database/dialect.js';
import { dialectOfRunner } from '../src/database/migration-dialect.js';

/** Cost centres and departments of each Sage company: the second and third part of a nominal account, which a new one names by id. */
export class CreateBreakdown1764000005500 implements MigrationInterface {
  name = 'CreateBreakdown1764000005500';

  async up(runner: QueryRunner): Promise<void> {
    const { id, int, flag, table } = columnTypes[dialectOfRunner(runner)];
    for (const name of ['sage_cost_centre', 'sage_department']) {
      await runner.query(`CREATE TABLE ${name} (
        instance_id ${int} NOT NULL,
        company_id ${int} NOT NULL,
        sage_id ${id} NOT NULL,
        code VARCHAR(20) NOT NULL,
        name VARCHAR(60) NOT NULL,
        is_active ${flag} NOT NULL,
        PRIMARY KEY (instance_id, company_id, sage_id)) ${table}`);
    }
  }

  async down(): Promise<void> {
    throw new Error('Migrations go forward only.');
  }
}
