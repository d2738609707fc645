import type { MigrationInterface, QueryRunner } from 'typeorm';
import { columnTypes } from '../src/database/dialect.js';
import { dialectOfRunner } from '../src/database/migration-dialect.js';

/** The durable log of what has happened, numbered for each instance in the order of the commits. */
export class CreateEvent1764000009500 implements MigrationInterface {
  name = 'CreateEvent1764000009500';

  async up(runner: QueryRunner): Promise<void> {
    const { id, int, instant, table } = columnTypes[dialectOfRunner(runner)];

    await runner.query(`CREATE TABLE event_sequence (
      instance_id ${int} NOT NULL,
      last_sequence ${id} NOT NULL,
      pruned_sequence ${id} NOT NULL,
      PRIMARY KEY (instance_id)) ${table}`);

    await runner.query(`CREATE TABLE event (
      instance_id ${int} NOT NULL,
      sequence ${id} NOT NULL,
      kind VARCHAR(20) NOT NULL,
      at ${instant} NOT NULL,
      company_id ${int},
      account_sage_id ${id},
      customer_layer_id VARCHAR(64),
      subject VARCHAR(64) NOT NULL,
      details VARCHAR(255),
      PRIMARY KEY (instance_id, sequence)) ${table}`);
    await runner.query('CREATE INDEX event_of_kind ON event (instance_id, kind, sequence)');
  }

  async down(): Promise<void> {
    throw new Error('Migrations go forward only.');
  }
}
