import type { MigrationInterface, QueryRunner } from 'typeorm';
import { columnTypes } from '../src/database/dialect.js';
import { dialectOfRunner } from '../src/database/migration-dialect.js';

/** Layer customers, their contacts, and their links to Sage accounts: one account has one customer, a customer one account a company. */
export class CreateCustomer1764000004000 implements MigrationInterface {
  name = 'CreateCustomer1764000004000';

  async up(runner: QueryRunner): Promise<void> {
    const { id, int, instant, table } = columnTypes[dialectOfRunner(runner)];

    await runner.query(`CREATE TABLE customer (
      instance_id ${int} NOT NULL,
      layer_id VARCHAR(64) NOT NULL,
      name VARCHAR(255) NOT NULL,
      name_folded VARCHAR(255) NOT NULL,
      email VARCHAR(255),
      website VARCHAR(255),
      telephone VARCHAR(255),
      fax VARCHAR(255),
      vat_number VARCHAR(64),
      sync_status VARCHAR(12) NOT NULL,
      created_at ${instant} NOT NULL,
      updated_at ${instant} NOT NULL,
      PRIMARY KEY (instance_id, layer_id)) ${table}`);
    await runner.query('CREATE INDEX customer_by_name ON customer (instance_id, name_folded, layer_id)');
    await runner.query(
      'CREATE INDEX customer_by_sync_status ON customer (instance_id, sync_status, name_folded, layer_id)',
    );

    await runner.query(`CREATE TABLE customer_word (
      instance_id ${int} NOT NULL,
      word VARCHAR(40) NOT NULL,
      layer_id VARCHAR(64) NOT NULL,
      PRIMARY KEY (instance_id, word, layer_id)) ${table}`);
    await runner.query('CREATE INDEX customer_word_of_customer ON customer_word (instance_id, layer_id)');

    await runner.query(`CREATE TABLE customer_contact (
      instance_id ${int} NOT NULL,
      customer_layer_id VARCHAR(64) NOT NULL,
      layer_id VARCHAR(64) NOT NULL,
      first_name VARCHAR(60),
      last_name VARCHAR(60),
      email VARCHAR(227),
      telephone VARCHAR(227),
      sage_contact_id ${id},
      PRIMARY KEY (instance_id, customer_layer_id, layer_id)) ${table}`);

    await runner.query(`CREATE TABLE customer_link (
      instance_id ${int} NOT NULL,
      company_id ${int} NOT NULL,
      account_sage_id ${id} NOT NULL,
      customer_layer_id VARCHAR(64) NOT NULL,
      linked_at ${instant} NOT NULL,
      linked_by VARCHAR(255) NOT NULL,
      PRIMARY KEY (instance_id, company_id, account_sage_id)) ${table}`);
    await runner.query(
      'CREATE UNIQUE INDEX customer_link_of_customer ON customer_link (instance_id, customer_layer_id, company_id)',
    );
  }

  async down(): Promise<void> {
    throw new Error('Migrations go forward only.');
  }
}
