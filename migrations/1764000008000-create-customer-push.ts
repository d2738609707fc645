import type { MigrationInterface, QueryRunner } from 'typeorm';
import { columnTypes } from '../src/database/dialect.js';
import { dialectOfRunner } from '../src/database/migration-dialect.js';

/** What customers on their way to Sage need: numbers put by for their accounts, their contacts in each company, and the steps done. */
export class CreateCustomerPush1764000008000 implements MigrationInterface {
  name = 'CreateCustomerPush1764000008000';

  async up(runner: QueryRunner): Promise<void> {
    const { id, int, table } = columnTypes[dialectOfRunner(runner)];

    await runner.query(`CREATE TABLE account_number (
      instance_id ${int} NOT NULL,
      company_id ${int} NOT NULL,
      account_number VARCHAR(8) NOT NULL,
      customer_layer_id VARCHAR(64) NOT NULL,
      PRIMARY KEY (instance_id, company_id, account_number)) ${table}`);
    await runner.query(
      'CREATE UNIQUE INDEX account_number_of_customer ON account_number (instance_id, customer_layer_id, company_id)',
    );

    // contact_layer_id is empty for the contact that carries the customer's own e-mail
    await runner.query(`CREATE TABLE customer_contact_link (
      instance_id ${int} NOT NULL,
      customer_layer_id VARCHAR(64) NOT NULL,
      contact_layer_id VARCHAR(64) NOT NULL,
      company_id ${int} NOT NULL,
      sage_contact_id ${id} NOT NULL,
      email VARCHAR(227),
      telephone VARCHAR(227),
      PRIMARY KEY (instance_id, customer_layer_id, contact_layer_id, company_id)) ${table}`);
    await runner.query('ALTER TABLE customer_contact DROP COLUMN sage_contact_id');

    await runner.query(`CREATE TABLE customer_push_step (
      instance_id ${int} NOT NULL,
      push_id VARCHAR(32) NOT NULL,
      step VARCHAR(120) NOT NULL,
      PRIMARY KEY (instance_id, push_id, step)) ${table}`);
  }

  async down(): Promise<void> {
    throw new Error('Migrations go forward only.');
  }
}
