import type { MigrationInterface, QueryRunner } from 'typeorm';
import { columnTypes } from '../src/database/dialect.js';
import { dialectOfRunner } from '../src/database/migration-dialect.js';

/** The sign-in of each instance to Sage, and the one-use tickets and states of its OAuth round trip. */
export class CreateSageConnection1764000002000 implements MigrationInterface {
  name = 'CreateSageConnection1764000002000';

  async up(runner: QueryRunner): Promise<void> {
    const { int, instant, long, table } = columnTypes[dialectOfRunner(runner)];
    await runner.query(`CREATE TABLE sage_connection (
      instance_id ${int} NOT NULL,
      state VARCHAR(20) NOT NULL,
      refresh_token ${long},
      access_token ${long},
      access_expires_at ${instant},
      access_refresh_at ${instant},
      signed_in_at ${instant},
      sign_in_expires_at ${instant},
      last_contact_at ${instant},
      message VARCHAR(500),
      version ${int} NOT NULL,
      given_token_hash CHAR(64),
      lease_owner VARCHAR(40),
      lease_until ${instant} NOT NULL,
      PRIMARY KEY (instance_id)) ${table}`);
    await runner.query(`CREATE TABLE sign_in_ticket (
      instance_id ${int} NOT NULL,
      ticket_hash CHAR(64) NOT NULL,
      kind VARCHAR(10) NOT NULL,
      subject VARCHAR(255) NOT NULL,
      expires_at ${instant} NOT NULL,
      used_at ${instant},
      PRIMARY KEY (instance_id, ticket_hash)) ${table}`);
    await runner.query('CREATE INDEX sign_in_ticket_by_end ON sign_in_ticket (instance_id, expires_at)');
  }

  async down(): Promise<void> {
    throw new Error('Migrations go forward only.');
  }
}
