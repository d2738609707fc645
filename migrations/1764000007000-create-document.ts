import type { MigrationInterface, QueryRunner } from 'typeorm';
import { columnTypes } from '../src/database/dialect.js';
import { dialectOfRunner } from '../src/database/migration-dialect.js';

/** Documents of The Layer (invoices, payments, credit notes, refunds) with their lines, and the shares of invoices that they pay or credit. */
export class CreateDocument1764000007000 implements MigrationInterface {
  name = 'CreateDocument1764000007000';

  async up(runner: QueryRunner): Promise<void> {
    const { int, flag, money, instant, date, table } = columnTypes[dialectOfRunner(runner)];

    await runner.query(`CREATE TABLE document (
      instance_id ${int} NOT NULL,
      kind VARCHAR(12) NOT NULL,
      layer_id VARCHAR(64) NOT NULL,
      layer_id_folded VARCHAR(64) NOT NULL,
      reference VARCHAR(20),
      reference_folded VARCHAR(40) NOT NULL,
      customer_layer_id VARCHAR(64) NOT NULL,
      sub_company_layer_id VARCHAR(64),
      payment_method_layer_id VARCHAR(64),
      dated_on ${date} NOT NULL,
      due_on ${date},
      currency CHAR(3) NOT NULL,
      is_currency_given ${flag} NOT NULL,
      net_minor ${money} NOT NULL,
      vat_minor ${money} NOT NULL,
      gross_minor ${money} NOT NULL,
      returns_kind VARCHAR(12),
      returns_layer_id VARCHAR(64),
      registered_company_id ${int},
      registered_urn VARCHAR(20),
      content_hash CHAR(16) NOT NULL,
      push_id VARCHAR(32),
      created_at ${instant} NOT NULL,
      updated_at ${instant} NOT NULL,
      PRIMARY KEY (instance_id, kind, layer_id)) ${table}`);
    await runner.query('CREATE INDEX document_by_date ON document (instance_id, kind, dated_on, layer_id)');
    await runner.query(
      'CREATE INDEX document_of_customer ON document (instance_id, customer_layer_id, kind, dated_on, layer_id)',
    );
    await runner.query('CREATE INDEX document_by_reference ON document (instance_id, kind, reference_folded)');
    await runner.query('CREATE INDEX document_by_layer_id ON document (instance_id, kind, layer_id_folded)');
    await runner.query('CREATE INDEX document_of_push ON document (instance_id, push_id)');
    await runner.query(
      'CREATE INDEX document_registered ON document (instance_id, registered_company_id, registered_urn)',
    );
    await runner.query('CREATE INDEX document_returning ON document (instance_id, returns_kind, returns_layer_id)');

    await runner.query(`CREATE TABLE document_line (
      instance_id ${int} NOT NULL,
      kind VARCHAR(12) NOT NULL,
      document_layer_id VARCHAR(64) NOT NULL,
      line_no ${int} NOT NULL,
      layer_id VARCHAR(64) NOT NULL,
      description VARCHAR(6000) NOT NULL,
      nominal_code VARCHAR(64) NOT NULL,
      vat_code VARCHAR(64) NOT NULL,
      net_minor ${money} NOT NULL,
      vat_minor ${money} NOT NULL,
      PRIMARY KEY (instance_id, kind, document_layer_id, line_no)) ${table}`);

    // a share is what a payment or a credit note has of an invoice
    await runner.query(`CREATE TABLE document_share (
      instance_id ${int} NOT NULL,
      kind VARCHAR(12) NOT NULL,
      document_layer_id VARCHAR(64) NOT NULL,
      share_no ${int} NOT NULL,
      invoice_layer_id VARCHAR(64) NOT NULL,
      line_layer_id VARCHAR(64),
      amount_minor ${money} NOT NULL,
      PRIMARY KEY (instance_id, kind, document_layer_id, share_no)) ${table}`);
    await runner.query('CREATE INDEX document_share_of_invoice ON document_share (instance_id, invoice_layer_id)');
  }

  async down(): Promise<void> {
    throw new Error('Migrations go forward only.');
  }
}
