import type { MigrationInterface, QueryRunner } from 'typeorm';
import { columnTypes } from '../src/database/dialect.js';
import { dialectOfRunner } from '../src/database/migration-dialect.js';

/** Receipts as The Layer sees them, what they are matched with, and what is left of each invoice. */
export class CreateReceipt1764000009000 implements MigrationInterface {
  name = 'CreateReceipt1764000009000';

  async up(runner: QueryRunner): Promise<void> {
    const { id, int, flag, money, instant, date, table } = columnTypes[dialectOfRunner(runner)];

    // one row for each receipt and refund of Sage's ledger: what a match locks, and what the lists walk
    await runner.query(`CREATE TABLE receipt (
      instance_id ${int} NOT NULL,
      company_id ${int} NOT NULL,
      urn VARCHAR(20) NOT NULL,
      kind VARCHAR(20) NOT NULL,
      origin VARCHAR(5) NOT NULL,
      account_sage_id ${id} NOT NULL,
      received_on ${date} NOT NULL,
      currency CHAR(3) NOT NULL,
      amount_minor ${money} NOT NULL,
      matched_minor ${money} NOT NULL,
      allocated_minor ${money} NOT NULL,
      status VARCHAR(16) NOT NULL,
      ignored_at ${instant},
      PRIMARY KEY (instance_id, company_id, urn)) ${table}`);
    await runner.query(
      'CREATE INDEX receipt_by_status ON receipt (instance_id, origin, status, received_on, company_id, urn)',
    );
    await runner.query(
      'CREATE INDEX receipt_of_company ON receipt (instance_id, company_id, status, received_on, urn)',
    );
    await runner.query(
      'CREATE INDEX receipt_to_match ON receipt (instance_id, company_id, status, account_sage_id, received_on, urn)',
    );
    await runner.query(
      'CREATE INDEX receipt_of_account ON receipt (instance_id, company_id, account_sage_id, received_on, urn)',
    );

    // the payment that a match makes is the document PAYMENT whose id is a blank and the match's id
    await runner.query(`CREATE TABLE receipt_match (
      instance_id ${int} NOT NULL,
      id VARCHAR(32) NOT NULL,
      company_id ${int} NOT NULL,
      urn VARCHAR(20) NOT NULL,
      invoice_layer_id VARCHAR(64) NOT NULL,
      currency CHAR(3) NOT NULL,
      amount_minor ${money} NOT NULL,
      origin VARCHAR(10) NOT NULL,
      rule VARCHAR(40),
      matched_by VARCHAR(255) NOT NULL,
      matched_at ${instant} NOT NULL,
      push_id VARCHAR(32),
      undone_at ${instant},
      undone_by VARCHAR(255),
      undo_reason VARCHAR(1000),
      is_to_undo_in_sage ${flag} NOT NULL,
      PRIMARY KEY (instance_id, id)) ${table}`);
    await runner.query('CREATE INDEX receipt_match_of_receipt ON receipt_match (instance_id, company_id, urn, id)');
    await runner.query('CREATE INDEX receipt_match_of_invoice ON receipt_match (instance_id, invoice_layer_id)');
    await runner.query('CREATE INDEX receipt_match_of_push ON receipt_match (instance_id, push_id)');
    await runner.query(
      'CREATE INDEX receipt_match_to_undo ON receipt_match (instance_id, company_id, is_to_undo_in_sage, urn)',
    );

    await runner.query("ALTER TABLE document ADD COLUMN origin VARCHAR(5) NOT NULL DEFAULT 'LAYER'");
    await runner.query(`ALTER TABLE document ADD COLUMN reversed_at ${instant}`);
    await runner.query(`ALTER TABLE document ADD COLUMN outstanding_minor ${money} NOT NULL DEFAULT 0`);
    await runner.query(
      'CREATE INDEX document_open ON document (instance_id, customer_layer_id, kind, outstanding_minor)',
    );
    await indexReferencesByKind(runner);
    await fillOutstanding(runner);
    await fillReceipts(runner);
  }

  async down(): Promise<void> {
    throw new Error('Migrations go forward only.');
  }
}

/** Of a beginning that every invoice has and hardly any receipt, the receipts are found without the invoices. */
async function indexReferencesByKind(runner: QueryRunner): Promise<void> {
  const ofTable = dialectOfRunner(runner) === 'mysql' ? ' ON sage_transaction' : '';
  for (const column of ['reference', 'second_reference']) {
    await runner.query(`DROP INDEX sage_transaction_by_${column}${ofTable}`);
    await runner.query(
      `CREATE INDEX sage_transaction_by_${column} ON sage_transaction (instance_id, kind, ${column}_folded)`,
    );
  }
}

/** What earlier payments and credit notes have left of each invoice. */
async function fillOutstanding(runner: QueryRunner): Promise<void> {
  await runner.query(
    `UPDATE document SET outstanding_minor = gross_minor - COALESCE((
        SELECT SUM(s.amount_minor) FROM document_share s
          LEFT JOIN push p ON p.instance_id = s.instance_id AND p.kind = s.kind AND p.layer_id = s.document_layer_id
         WHERE s.instance_id = document.instance_id AND s.invoice_layer_id = document.layer_id
           AND (p.status IS NULL OR p.status <> 'SKIPPED')), 0)
      WHERE kind = 'INVOICE'`,
  );
}

/** The receipts and refunds that the cache had before there was this table. */
async function fillReceipts(runner: QueryRunner): Promise<void> {
  await runner.query(
    `INSERT INTO receipt (instance_id, company_id, urn, kind, origin, account_sage_id, received_on, currency, amount_minor, matched_minor,
        allocated_minor, status)
      SELECT instance_id, company_id, urn, kind, origin, account_sage_id, transaction_date, currency, -gross_minor, 0, ABS(allocated_minor),
             CASE WHEN kind = 'REFUND' OR origin = 'LAYER' THEN 'NO_MATCH_NEEDED' ELSE 'UNMATCHED' END
        FROM (SELECT t.*, CASE WHEN EXISTS (SELECT 1 FROM push p WHERE p.instance_id = t.instance_id AND p.kind IN ('PAYMENT', 'REFUND')
                   AND p.sage_reference = t.second_reference AND (p.company_id IS NULL OR p.company_id = t.company_id))
                 THEN 'LAYER' ELSE 'SAGE' END AS origin
                FROM sage_transaction t WHERE t.kind IN ('RECEIPT', 'REFUND')) ledger`,
  );
}
