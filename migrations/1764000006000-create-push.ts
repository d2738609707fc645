import type { MigrationInterface, QueryRunner } from 'typeorm';
import { columnTypes } from '../src/database/dialect.js';
import { dialectOfRunner } from '../src/database/migration-dialect.js';

/** Pushes, the narrow queue of their lanes, what they wait for, their history, and the trail of what people did. */
export class CreatePush1764000006000 implements MigrationInterface {
  name = 'CreatePush1764000006000';

  async up(runner: QueryRunner): Promise<void> {
    const { id, int, money, instant, long, table } = columnTypes[dialectOfRunner(runner)];

    await runner.query(`CREATE TABLE push (
      instance_id ${int} NOT NULL,
      id VARCHAR(32) NOT NULL,
      kind VARCHAR(12) NOT NULL,
      layer_id VARCHAR(64) NOT NULL,
      generation ${int} NOT NULL,
      lane VARCHAR(80) NOT NULL,
      status VARCHAR(10) NOT NULL,
      company_id ${int},
      customer_layer_id VARCHAR(64),
      amount_minor ${money},
      currency CHAR(3),
      reference VARCHAR(64) NOT NULL,
      reference_folded VARCHAR(64) NOT NULL,
      layer_id_folded VARCHAR(64) NOT NULL,
      sage_reference VARCHAR(40) NOT NULL,
      content_hash CHAR(16) NOT NULL,
      payload ${long},
      step VARCHAR(40),
      step_facts ${long},
      urn VARCHAR(20),
      sage_id ${id},
      posted_at ${instant},
      allocated_at ${instant},
      attempts ${int} NOT NULL,
      failures ${int} NOT NULL,
      empty_look_ups ${int} NOT NULL,
      next_attempt_at ${instant},
      sent_at ${instant},
      lost_at ${instant},
      fence ${int} NOT NULL,
      error_code VARCHAR(40),
      error_key VARCHAR(120),
      error_subject VARCHAR(255),
      error_message VARCHAR(700),
      error_remedy VARCHAR(500),
      created_at ${instant} NOT NULL,
      updated_at ${instant} NOT NULL,
      PRIMARY KEY (instance_id, id)) ${table}`);
    await runner.query('CREATE UNIQUE INDEX push_of_document ON push (instance_id, kind, layer_id, generation)');
    await runner.query('CREATE INDEX push_in_lane ON push (instance_id, lane, status, id)');
    await runner.query('CREATE INDEX push_by_status ON push (instance_id, status, id)');
    await runner.query('CREATE INDEX push_by_cause ON push (instance_id, status, error_code, error_key)');
    await runner.query('CREATE INDEX push_due ON push (instance_id, status, next_attempt_at)');
    await runner.query('CREATE INDEX push_of_customer ON push (instance_id, customer_layer_id, status, id)');
    await runner.query('CREATE INDEX push_by_urn ON push (instance_id, company_id, urn)');
    await runner.query('CREATE INDEX push_by_reference ON push (instance_id, reference_folded)');
    await runner.query('CREATE INDEX push_by_layer_id ON push (instance_id, layer_id_folded)');

    await runner.query(`CREATE TABLE push_lane (
      instance_id ${int} NOT NULL,
      lane VARCHAR(80) NOT NULL,
      due_at ${instant} NOT NULL,
      owner VARCHAR(60),
      PRIMARY KEY (instance_id, lane)) ${table}`);
    await runner.query('CREATE INDEX push_lane_due ON push_lane (instance_id, due_at, lane, owner)');

    await runner.query(`CREATE TABLE push_need (
      instance_id ${int} NOT NULL,
      push_id VARCHAR(32) NOT NULL,
      needs_kind VARCHAR(12) NOT NULL,
      needs_layer_id VARCHAR(64) NOT NULL,
      PRIMARY KEY (instance_id, push_id, needs_kind, needs_layer_id)) ${table}`);
    await runner.query('CREATE INDEX push_needed_by ON push_need (instance_id, needs_kind, needs_layer_id)');

    await runner.query(`CREATE TABLE push_attempt (
      instance_id ${int} NOT NULL,
      push_id VARCHAR(32) NOT NULL,
      attempt_no ${int} NOT NULL,
      at ${instant} NOT NULL,
      step VARCHAR(40) NOT NULL,
      outcome VARCHAR(700) NOT NULL,
      http_status ${int},
      duration_ms ${int} NOT NULL,
      PRIMARY KEY (instance_id, push_id, attempt_no)) ${table}`);

    await runner.query(`CREATE TABLE audit_entry (
      instance_id ${int} NOT NULL,
      id VARCHAR(32) NOT NULL,
      at ${instant} NOT NULL,
      who VARCHAR(255) NOT NULL,
      action VARCHAR(40) NOT NULL,
      subject_id VARCHAR(255) NOT NULL,
      reason VARCHAR(1000),
      summary VARCHAR(1000) NOT NULL,
      PRIMARY KEY (instance_id, id)) ${table}`);
    await runner.query('CREATE INDEX audit_entry_of_subject ON audit_entry (instance_id, subject_id, id)');
  }

  async down(): Promise<void> {
    throw new Error('Migrations go forward only.');
  }
}
