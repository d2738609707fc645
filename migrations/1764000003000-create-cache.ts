import type { MigrationInterface, QueryRunner } from 'typeorm';
import { columnTypes } from '../src/database/dialect.js';
import { dialectOfRunner } from '../src/database/migration-dialect.js';

/** What the gateway caches of Sage: companies with reference data, accounts with contacts, the sales ledger, and the pulls' state. */
export class CreateCache1764000003000 implements MigrationInterface {
  name = 'CreateCache1764000003000';

  async up(runner: QueryRunner): Promise<void> {
    const { id, int, flag, money, instant, date, long, table } = columnTypes[dialectOfRunner(runner)];
    const company = `instance_id ${int} NOT NULL, company_id ${int} NOT NULL`;

    await runner.query(`CREATE TABLE sage_company (
      instance_id ${int} NOT NULL,
      id ${int} NOT NULL,
      site_id VARCHAR(36) NOT NULL,
      sage_company_id ${int} NOT NULL,
      name VARCHAR(100) NOT NULL,
      currency CHAR(3) NOT NULL,
      ageing_period_starts VARCHAR(100) NOT NULL,
      is_active ${flag} NOT NULL,
      seen_at ${instant} NOT NULL,
      PRIMARY KEY (instance_id, id)) ${table}`);
    await runner.query(
      'CREATE UNIQUE INDEX sage_company_by_site ON sage_company (instance_id, site_id, sage_company_id)',
    );

    await runner.query(`CREATE TABLE sage_currency (${company},
      sage_id ${id} NOT NULL,
      iso_code CHAR(3),
      name VARCHAR(30) NOT NULL,
      symbol VARCHAR(4) NOT NULL,
      is_base ${flag} NOT NULL,
      PRIMARY KEY (instance_id, company_id, sage_id)) ${table}`);

    await runner.query(`CREATE TABLE sage_bank_account (${company},
      sage_id ${id} NOT NULL,
      code VARCHAR(20) NOT NULL,
      name VARCHAR(60) NOT NULL,
      currency CHAR(3) NOT NULL,
      is_active ${flag} NOT NULL,
      PRIMARY KEY (instance_id, company_id, sage_id)) ${table}`);

    await runner.query(`CREATE TABLE sage_nominal_account (${company},
      sage_id ${id} NOT NULL,
      reference VARCHAR(20) NOT NULL,
      cost_centre VARCHAR(20) NOT NULL,
      department VARCHAR(20) NOT NULL,
      name VARCHAR(60) NOT NULL,
      is_posting ${flag} NOT NULL,
      is_active ${flag} NOT NULL,
      report_category_sage_id ${id},
      PRIMARY KEY (instance_id, company_id, sage_id)) ${table}`);
    await runner.query(
      'CREATE INDEX sage_nominal_account_by_triple ON sage_nominal_account (instance_id, company_id, reference, cost_centre, department)',
    );

    await runner.query(`CREATE TABLE sage_report_category (${company},
      sage_id ${id} NOT NULL,
      code VARCHAR(20) NOT NULL,
      name VARCHAR(60) NOT NULL,
      is_active ${flag} NOT NULL,
      PRIMARY KEY (instance_id, company_id, sage_id)) ${table}`);

    await runner.query(`CREATE TABLE sage_tax_code (${company},
      sage_id ${id} NOT NULL,
      code ${int} NOT NULL,
      name VARCHAR(60) NOT NULL,
      rate_percent VARCHAR(20) NOT NULL,
      is_active ${flag} NOT NULL,
      PRIMARY KEY (instance_id, company_id, sage_id)) ${table}`);

    await runner.query(`CREATE TABLE sage_account (${company},
      sage_id ${id} NOT NULL,
      account_number VARCHAR(20) NOT NULL,
      account_number_folded VARCHAR(40) NOT NULL,
      name VARCHAR(60) NOT NULL,
      short_name VARCHAR(8),
      currency CHAR(3) NOT NULL,
      balance_minor ${money} NOT NULL,
      credit_limit_minor ${money} NOT NULL,
      is_over_credit_limit ${flag} NOT NULL,
      on_hold ${flag} NOT NULL,
      status_reason VARCHAR(256),
      is_active ${flag} NOT NULL,
      telephone VARCHAR(227),
      fax VARCHAR(227),
      website VARCHAR(200),
      vat_number VARCHAR(30),
      address ${long},
      updated_at VARCHAR(24),
      content_hash CHAR(16) NOT NULL,
      seen_at ${instant} NOT NULL,
      deleted_at ${instant},
      PRIMARY KEY (instance_id, company_id, sage_id)) ${table}`);
    await runner.query(
      'CREATE INDEX sage_account_by_number ON sage_account (instance_id, account_number, company_id, sage_id)',
    );
    await runner.query(
      'CREATE INDEX sage_account_by_folded_number ON sage_account (instance_id, account_number_folded)',
    );
    await runner.query(
      'CREATE INDEX sage_account_in_company ON sage_account (instance_id, company_id, account_number, sage_id)',
    );
    await runner.query('CREATE INDEX sage_account_on_hold ON sage_account (instance_id, on_hold, account_number)');
    await runner.query(
      'CREATE INDEX sage_account_over_limit ON sage_account (instance_id, is_over_credit_limit, account_number)',
    );

    await runner.query(`CREATE TABLE sage_account_word (
      instance_id ${int} NOT NULL,
      word VARCHAR(40) NOT NULL,
      company_id ${int} NOT NULL,
      sage_id ${id} NOT NULL,
      PRIMARY KEY (instance_id, word, company_id, sage_id)) ${table}`);
    await runner.query(
      'CREATE INDEX sage_account_word_of_account ON sage_account_word (instance_id, company_id, sage_id)',
    );

    await runner.query(`CREATE TABLE sage_contact (${company},
      account_sage_id ${id} NOT NULL,
      sage_id ${id} NOT NULL,
      first_name VARCHAR(60),
      last_name VARCHAR(60),
      name VARCHAR(180),
      email VARCHAR(227),
      telephone VARCHAR(227),
      is_default ${flag} NOT NULL,
      PRIMARY KEY (instance_id, company_id, account_sage_id, sage_id)) ${table}`);

    await runner.query(`CREATE TABLE sage_transaction (${company},
      urn VARCHAR(20) NOT NULL,
      sage_id ${id} NOT NULL,
      account_sage_id ${id} NOT NULL,
      kind VARCHAR(20) NOT NULL,
      reference VARCHAR(20) NOT NULL,
      reference_folded VARCHAR(40) NOT NULL,
      second_reference VARCHAR(20) NOT NULL,
      second_reference_folded VARCHAR(40) NOT NULL,
      transaction_date ${date} NOT NULL,
      posted_date ${date},
      due_date ${date},
      currency CHAR(3) NOT NULL,
      gross_minor ${money} NOT NULL,
      net_minor ${money} NOT NULL,
      tax_minor ${money} NOT NULL,
      allocated_minor ${money} NOT NULL,
      outstanding_minor ${money} NOT NULL,
      base_gross_minor ${money},
      base_outstanding_minor ${money},
      exchange_rate VARCHAR(20),
      query_letter VARCHAR(1) NOT NULL,
      is_open ${flag} NOT NULL,
      place ${int} NOT NULL,
      updated_at VARCHAR(24),
      content_hash CHAR(16) NOT NULL,
      seen_at ${instant} NOT NULL,
      deleted_at ${instant},
      PRIMARY KEY (instance_id, company_id, urn)) ${table}`);
    await runner.query(
      'CREATE INDEX sage_transaction_of_account ON sage_transaction (instance_id, company_id, account_sage_id, transaction_date, urn)',
    );
    await runner.query(
      'CREATE INDEX sage_transaction_open ON sage_transaction (instance_id, company_id, account_sage_id, is_open)',
    );
    await runner.query(
      'CREATE INDEX sage_transaction_by_date ON sage_transaction (instance_id, transaction_date, company_id, urn)',
    );
    await runner.query(
      'CREATE INDEX sage_transaction_of_company ON sage_transaction (instance_id, company_id, transaction_date, urn)',
    );
    await runner.query(
      'CREATE INDEX sage_transaction_by_sage_id ON sage_transaction (instance_id, company_id, place, sage_id)',
    );
    await runner.query(
      'CREATE INDEX sage_transaction_by_reference ON sage_transaction (instance_id, reference_folded)',
    );
    await runner.query(
      'CREATE INDEX sage_transaction_by_second_reference ON sage_transaction (instance_id, second_reference_folded)',
    );

    await runner.query(`CREATE TABLE sage_allocation (${company},
      urn VARCHAR(20) NOT NULL,
      line_no ${int} NOT NULL,
      other_urn VARCHAR(20) NOT NULL,
      other_reference VARCHAR(20) NOT NULL,
      amount_minor ${money} NOT NULL,
      allocated_on ${date},
      PRIMARY KEY (instance_id, company_id, urn, line_no)) ${table}`);

    await runner.query(`CREATE TABLE sync_state (${company},
      resource VARCHAR(20) NOT NULL,
      state VARCHAR(10) NOT NULL,
      is_full ${flag} NOT NULL,
      pass_name VARCHAR(20) NOT NULL,
      after_id ${id} NOT NULL,
      updated_since VARCHAR(24),
      next_updated_since VARCHAR(24),
      run_started_at ${instant},
      rows_read ${int} NOT NULL,
      rows_expected ${int},
      completed_start_at ${instant},
      succeeded_at ${instant},
      swept_at ${instant},
      due_at ${instant} NOT NULL,
      is_full_wanted ${flag} NOT NULL,
      failures ${int} NOT NULL,
      message VARCHAR(500),
      lease_owner VARCHAR(40),
      lease_until ${instant} NOT NULL,
      PRIMARY KEY (instance_id, company_id, resource)) ${table}`);
    await runner.query('CREATE INDEX sync_state_due ON sync_state (instance_id, due_at)');

    await runner.query(`CREATE TABLE sync_quarantine (${company},
      resource VARCHAR(20) NOT NULL,
      row_key VARCHAR(64) NOT NULL,
      reason VARCHAR(500) NOT NULL,
      row_text ${long} NOT NULL,
      first_seen_at ${instant} NOT NULL,
      last_seen_at ${instant} NOT NULL,
      PRIMARY KEY (instance_id, company_id, resource, row_key)) ${table}`);
  }

  async down(): Promise<void> {
    throw new Error('Migrations go forward only.');
  }
}
