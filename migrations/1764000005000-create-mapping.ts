import type { MigrationInterface, QueryRunner } from 'typeorm';
import { columnTypes } from '../src/database/dialect.js';
import { dialectOfRunner } from '../src/database/migration-dialect.js';

/** What The Layer knows (sub-companies, payment methods, nominal codes, VAT codes), and what each is in each Sage company. */
export class CreateMapping1764000005000 implements MigrationInterface {
  name = 'CreateMapping1764000005000';

  async up(runner: QueryRunner): Promise<void> {
    const { id, int, instant, table } = columnTypes[dialectOfRunner(runner)];

    // the default sub-company is the one with the empty id
    await runner.query(`CREATE TABLE mapping_subject (
      instance_id ${int} NOT NULL,
      kind VARCHAR(16) NOT NULL,
      layer_id VARCHAR(64) NOT NULL,
      name VARCHAR(255) NOT NULL,
      rate_percent VARCHAR(20),
      updated_at ${instant} NOT NULL,
      PRIMARY KEY (instance_id, kind, layer_id)) ${table}`);

    // target_sage_id: bank, nominal account or tax code; of a sub-company the company itself is the target
    await runner.query(`CREATE TABLE mapping (
      instance_id ${int} NOT NULL,
      kind VARCHAR(16) NOT NULL,
      layer_id VARCHAR(64) NOT NULL,
      company_id ${int} NOT NULL,
      target_sage_id ${id},
      updated_at ${instant} NOT NULL,
      PRIMARY KEY (instance_id, kind, layer_id, company_id)) ${table}`);
  }

  async down(): Promise<void> {
    throw new Error('Migrations go forward only.');
  }
}
