-- Emitted by `npm run schema`. Do not edit.

CREATE TABLE account_number (
      instance_id INTEGER NOT NULL,
      company_id INTEGER NOT NULL,
      account_number VARCHAR(8) NOT NULL,
      customer_layer_id VARCHAR(64) NOT NULL,
      PRIMARY KEY (instance_id, company_id, account_number));

CREATE UNIQUE INDEX account_number_of_customer ON account_number (instance_id, customer_layer_id, company_id);

CREATE TABLE audit_entry (
      instance_id INTEGER NOT NULL,
      id VARCHAR(32) NOT NULL,
      at BIGINT NOT NULL,
      who VARCHAR(255) NOT NULL,
      action VARCHAR(40) NOT NULL,
      subject_id VARCHAR(255) NOT NULL,
      reason VARCHAR(1000),
      summary VARCHAR(1000) NOT NULL,
      PRIMARY KEY (instance_id, id));

CREATE INDEX audit_entry_of_subject ON audit_entry (instance_id, subject_id, id);

CREATE TABLE customer (
      instance_id INTEGER NOT NULL,
      layer_id VARCHAR(64) NOT NULL,
      name VARCHAR(255) NOT NULL,
      name_folded VARCHAR(255) NOT NULL,
      email VARCHAR(255),
      website VARCHAR(255),
      telephone VARCHAR(255),
      fax VARCHAR(255),
      vat_number VARCHAR(64),
      sync_status VARCHAR(12) NOT NULL,
      created_at BIGINT NOT NULL,
      updated_at BIGINT NOT NULL,
      PRIMARY KEY (instance_id, layer_id));

CREATE INDEX customer_by_name ON customer (instance_id, name_folded, layer_id);

CREATE INDEX customer_by_sync_status ON customer (instance_id, sync_status, name_folded, layer_id);

CREATE TABLE customer_contact (
      instance_id INTEGER NOT NULL,
      customer_layer_id VARCHAR(64) NOT NULL,
      layer_id VARCHAR(64) NOT NULL,
      first_name VARCHAR(60),
      last_name VARCHAR(60),
      email VARCHAR(227),
      telephone VARCHAR(227),
      PRIMARY KEY (instance_id, customer_layer_id, layer_id));

CREATE TABLE customer_contact_link (
      instance_id INTEGER NOT NULL,
      customer_layer_id VARCHAR(64) NOT NULL,
      contact_layer_id VARCHAR(64) NOT NULL,
      company_id INTEGER NOT NULL,
      sage_contact_id BIGINT NOT NULL,
      email VARCHAR(227),
      telephone VARCHAR(227),
      PRIMARY KEY (instance_id, customer_layer_id, contact_layer_id, company_id));

CREATE TABLE customer_link (
      instance_id INTEGER NOT NULL,
      company_id INTEGER NOT NULL,
      account_sage_id BIGINT NOT NULL,
      customer_layer_id VARCHAR(64) NOT NULL,
      linked_at BIGINT NOT NULL,
      linked_by VARCHAR(255) NOT NULL,
      PRIMARY KEY (instance_id, company_id, account_sage_id));

CREATE UNIQUE INDEX customer_link_of_customer ON customer_link (instance_id, customer_layer_id, company_id);

CREATE TABLE customer_push_step (
      instance_id INTEGER NOT NULL,
      push_id VARCHAR(32) NOT NULL,
      step VARCHAR(120) NOT NULL,
      PRIMARY KEY (instance_id, push_id, step));

CREATE TABLE customer_word (
      instance_id INTEGER NOT NULL,
      word VARCHAR(40) NOT NULL,
      layer_id VARCHAR(64) NOT NULL,
      PRIMARY KEY (instance_id, word, layer_id));

CREATE INDEX customer_word_of_customer ON customer_word (instance_id, layer_id);

CREATE TABLE document (
      instance_id INTEGER NOT NULL,
      kind VARCHAR(12) NOT NULL,
      layer_id VARCHAR(64) NOT NULL,
      layer_id_folded VARCHAR(64) NOT NULL,
      reference VARCHAR(20),
      reference_folded VARCHAR(40) NOT NULL,
      customer_layer_id VARCHAR(64) NOT NULL,
      sub_company_layer_id VARCHAR(64),
      payment_method_layer_id VARCHAR(64),
      dated_on DATE NOT NULL,
      due_on DATE,
      currency CHAR(3) NOT NULL,
      is_currency_given BOOLEAN NOT NULL,
      net_minor BIGINT NOT NULL,
      vat_minor BIGINT NOT NULL,
      gross_minor BIGINT NOT NULL,
      returns_kind VARCHAR(12),
      returns_layer_id VARCHAR(64),
      registered_company_id INTEGER,
      registered_urn VARCHAR(20),
      content_hash CHAR(16) NOT NULL,
      push_id VARCHAR(32),
      created_at BIGINT NOT NULL,
      updated_at BIGINT NOT NULL, origin VARCHAR(5) NOT NULL DEFAULT 'LAYER', reversed_at BIGINT, outstanding_minor BIGINT NOT NULL DEFAULT 0,
      PRIMARY KEY (instance_id, kind, layer_id));

CREATE INDEX document_by_date ON document (instance_id, kind, dated_on, layer_id);

CREATE INDEX document_by_layer_id ON document (instance_id, kind, layer_id_folded);

CREATE INDEX document_by_reference ON document (instance_id, kind, reference_folded);

CREATE INDEX document_of_customer ON document (instance_id, customer_layer_id, kind, dated_on, layer_id);

CREATE INDEX document_of_push ON document (instance_id, push_id);

CREATE INDEX document_open ON document (instance_id, customer_layer_id, kind, outstanding_minor);

CREATE INDEX document_registered ON document (instance_id, registered_company_id, registered_urn);

CREATE INDEX document_returning ON document (instance_id, returns_kind, returns_layer_id);

CREATE TABLE document_line (
      instance_id INTEGER NOT NULL,
      kind VARCHAR(12) NOT NULL,
      document_layer_id VARCHAR(64) NOT NULL,
      line_no INTEGER NOT NULL,
      layer_id VARCHAR(64) NOT NULL,
      description VARCHAR(6000) NOT NULL,
      nominal_code VARCHAR(64) NOT NULL,
      vat_code VARCHAR(64) NOT NULL,
      net_minor BIGINT NOT NULL,
      vat_minor BIGINT NOT NULL,
      PRIMARY KEY (instance_id, kind, document_layer_id, line_no));

CREATE TABLE document_share (
      instance_id INTEGER NOT NULL,
      kind VARCHAR(12) NOT NULL,
      document_layer_id VARCHAR(64) NOT NULL,
      share_no INTEGER NOT NULL,
      invoice_layer_id VARCHAR(64) NOT NULL,
      line_layer_id VARCHAR(64),
      amount_minor BIGINT NOT NULL,
      PRIMARY KEY (instance_id, kind, document_layer_id, share_no));

CREATE INDEX document_share_of_invoice ON document_share (instance_id, invoice_layer_id);

CREATE TABLE event (
      instance_id INTEGER NOT NULL,
      sequence BIGINT NOT NULL,
      kind VARCHAR(20) NOT NULL,
      at BIGINT NOT NULL,
      company_id INTEGER,
      account_sage_id BIGINT,
      customer_layer_id VARCHAR(64),
      subject VARCHAR(64) NOT NULL,
      details VARCHAR(255),
      PRIMARY KEY (instance_id, sequence));

CREATE INDEX event_of_kind ON event (instance_id, kind, sequence);

CREATE TABLE event_sequence (
      instance_id INTEGER NOT NULL,
      last_sequence BIGINT NOT NULL,
      pruned_sequence BIGINT NOT NULL,
      PRIMARY KEY (instance_id));

CREATE TABLE instance (
      id INTEGER NOT NULL,
      slug VARCHAR(64) NOT NULL,
      created_at BIGINT NOT NULL, disabled_at BIGINT, rate_per_second INTEGER, rate_burst INTEGER,
      PRIMARY KEY (id));

CREATE UNIQUE INDEX instance_by_slug ON instance (slug);

CREATE TABLE mapping (
      instance_id INTEGER NOT NULL,
      kind VARCHAR(16) NOT NULL,
      layer_id VARCHAR(64) NOT NULL,
      company_id INTEGER NOT NULL,
      target_sage_id BIGINT,
      updated_at BIGINT NOT NULL,
      PRIMARY KEY (instance_id, kind, layer_id, company_id));

CREATE TABLE mapping_subject (
      instance_id INTEGER NOT NULL,
      kind VARCHAR(16) NOT NULL,
      layer_id VARCHAR(64) NOT NULL,
      name VARCHAR(255) NOT NULL,
      rate_percent VARCHAR(20),
      updated_at BIGINT NOT NULL,
      PRIMARY KEY (instance_id, kind, layer_id));

CREATE TABLE "migration" ("id" integer PRIMARY KEY AUTOINCREMENT NOT NULL, "timestamp" bigint NOT NULL, "name" varchar NOT NULL);

CREATE TABLE push (
      instance_id INTEGER NOT NULL,
      id VARCHAR(32) NOT NULL,
      kind VARCHAR(12) NOT NULL,
      layer_id VARCHAR(64) NOT NULL,
      generation INTEGER NOT NULL,
      lane VARCHAR(80) NOT NULL,
      status VARCHAR(10) NOT NULL,
      company_id INTEGER,
      customer_layer_id VARCHAR(64),
      amount_minor BIGINT,
      currency CHAR(3),
      reference VARCHAR(64) NOT NULL,
      reference_folded VARCHAR(64) NOT NULL,
      layer_id_folded VARCHAR(64) NOT NULL,
      sage_reference VARCHAR(40) NOT NULL,
      content_hash CHAR(16) NOT NULL,
      payload TEXT,
      step VARCHAR(40),
      step_facts TEXT,
      urn VARCHAR(20),
      sage_id BIGINT,
      posted_at BIGINT,
      allocated_at BIGINT,
      attempts INTEGER NOT NULL,
      failures INTEGER NOT NULL,
      empty_look_ups INTEGER NOT NULL,
      next_attempt_at BIGINT,
      sent_at BIGINT,
      lost_at BIGINT,
      fence INTEGER NOT NULL,
      error_code VARCHAR(40),
      error_key VARCHAR(120),
      error_subject VARCHAR(255),
      error_message VARCHAR(700),
      error_remedy VARCHAR(500),
      created_at BIGINT NOT NULL,
      updated_at BIGINT NOT NULL,
      PRIMARY KEY (instance_id, id));

CREATE INDEX push_by_cause ON push (instance_id, status, error_code, error_key);

CREATE INDEX push_by_layer_id ON push (instance_id, layer_id_folded);

CREATE INDEX push_by_reference ON push (instance_id, reference_folded);

CREATE INDEX push_by_sage_reference ON push (instance_id, sage_reference);

CREATE INDEX push_by_status ON push (instance_id, status, id);

CREATE INDEX push_by_urn ON push (instance_id, company_id, urn);

CREATE INDEX push_by_urn_alone ON push (instance_id, urn);

CREATE INDEX push_due ON push (instance_id, status, next_attempt_at);

CREATE INDEX push_in_lane ON push (instance_id, lane, status, id);

CREATE INDEX push_of_customer ON push (instance_id, customer_layer_id, status, id);

CREATE UNIQUE INDEX push_of_document ON push (instance_id, kind, layer_id, generation);

CREATE INDEX push_posted_of_customer ON push (instance_id, customer_layer_id, posted_at);

CREATE TABLE push_attempt (
      instance_id INTEGER NOT NULL,
      push_id VARCHAR(32) NOT NULL,
      attempt_no INTEGER NOT NULL,
      at BIGINT NOT NULL,
      step VARCHAR(40) NOT NULL,
      outcome VARCHAR(700) NOT NULL,
      http_status INTEGER,
      duration_ms INTEGER NOT NULL,
      PRIMARY KEY (instance_id, push_id, attempt_no));

CREATE TABLE push_lane (
      instance_id INTEGER NOT NULL,
      lane VARCHAR(80) NOT NULL,
      due_at BIGINT NOT NULL,
      owner VARCHAR(60),
      PRIMARY KEY (instance_id, lane));

CREATE INDEX push_lane_due ON push_lane (instance_id, due_at, lane, owner);

CREATE TABLE push_need (
      instance_id INTEGER NOT NULL,
      push_id VARCHAR(32) NOT NULL,
      needs_kind VARCHAR(12) NOT NULL,
      needs_layer_id VARCHAR(64) NOT NULL,
      PRIMARY KEY (instance_id, push_id, needs_kind, needs_layer_id));

CREATE INDEX push_needed_by ON push_need (instance_id, needs_kind, needs_layer_id);

CREATE TABLE receipt (
      instance_id INTEGER NOT NULL,
      company_id INTEGER NOT NULL,
      urn VARCHAR(20) NOT NULL,
      kind VARCHAR(20) NOT NULL,
      origin VARCHAR(5) NOT NULL,
      account_sage_id BIGINT NOT NULL,
      received_on DATE NOT NULL,
      currency CHAR(3) NOT NULL,
      amount_minor BIGINT NOT NULL,
      matched_minor BIGINT NOT NULL,
      allocated_minor BIGINT NOT NULL,
      status VARCHAR(16) NOT NULL,
      ignored_at BIGINT,
      PRIMARY KEY (instance_id, company_id, urn));

CREATE INDEX receipt_by_status ON receipt (instance_id, origin, status, received_on, company_id, urn);

CREATE INDEX receipt_of_account ON receipt (instance_id, company_id, account_sage_id, received_on, urn);

CREATE INDEX receipt_of_company ON receipt (instance_id, company_id, status, received_on, urn);

CREATE INDEX receipt_to_match ON receipt (instance_id, company_id, status, account_sage_id, received_on, urn);

CREATE TABLE receipt_match (
      instance_id INTEGER NOT NULL,
      id VARCHAR(32) NOT NULL,
      company_id INTEGER NOT NULL,
      urn VARCHAR(20) NOT NULL,
      invoice_layer_id VARCHAR(64) NOT NULL,
      currency CHAR(3) NOT NULL,
      amount_minor BIGINT NOT NULL,
      origin VARCHAR(10) NOT NULL,
      rule VARCHAR(40),
      matched_by VARCHAR(255) NOT NULL,
      matched_at BIGINT NOT NULL,
      push_id VARCHAR(32),
      undone_at BIGINT,
      undone_by VARCHAR(255),
      undo_reason VARCHAR(1000),
      is_to_undo_in_sage BOOLEAN NOT NULL,
      PRIMARY KEY (instance_id, id));

CREATE INDEX receipt_match_of_invoice ON receipt_match (instance_id, invoice_layer_id);

CREATE INDEX receipt_match_of_push ON receipt_match (instance_id, push_id);

CREATE INDEX receipt_match_of_receipt ON receipt_match (instance_id, company_id, urn, id);

CREATE INDEX receipt_match_to_undo ON receipt_match (instance_id, company_id, is_to_undo_in_sage, urn);

CREATE TABLE sage_account (instance_id INTEGER NOT NULL, company_id INTEGER NOT NULL,
      sage_id BIGINT NOT NULL,
      account_number VARCHAR(20) NOT NULL,
      account_number_folded VARCHAR(40) NOT NULL,
      name VARCHAR(60) NOT NULL,
      short_name VARCHAR(8),
      currency CHAR(3) NOT NULL,
      balance_minor BIGINT NOT NULL,
      credit_limit_minor BIGINT NOT NULL,
      is_over_credit_limit BOOLEAN NOT NULL,
      on_hold BOOLEAN NOT NULL,
      status_reason VARCHAR(256),
      is_active BOOLEAN NOT NULL,
      telephone VARCHAR(227),
      fax VARCHAR(227),
      website VARCHAR(200),
      vat_number VARCHAR(30),
      address TEXT,
      updated_at VARCHAR(24),
      content_hash CHAR(16) NOT NULL,
      seen_at BIGINT NOT NULL,
      deleted_at BIGINT,
      PRIMARY KEY (instance_id, company_id, sage_id));

CREATE INDEX sage_account_by_folded_number ON sage_account (instance_id, account_number_folded);

CREATE INDEX sage_account_by_number ON sage_account (instance_id, account_number, company_id, sage_id);

CREATE INDEX sage_account_in_company ON sage_account (instance_id, company_id, account_number, sage_id);

CREATE INDEX sage_account_on_hold ON sage_account (instance_id, on_hold, account_number);

CREATE INDEX sage_account_over_limit ON sage_account (instance_id, is_over_credit_limit, account_number);

CREATE TABLE sage_account_word (
      instance_id INTEGER NOT NULL,
      word VARCHAR(40) NOT NULL,
      company_id INTEGER NOT NULL,
      sage_id BIGINT NOT NULL,
      PRIMARY KEY (instance_id, word, company_id, sage_id));

CREATE INDEX sage_account_word_of_account ON sage_account_word (instance_id, company_id, sage_id);

CREATE TABLE sage_allocation (instance_id INTEGER NOT NULL, company_id INTEGER NOT NULL,
      urn VARCHAR(20) NOT NULL,
      line_no INTEGER NOT NULL,
      other_urn VARCHAR(20) NOT NULL,
      other_reference VARCHAR(20) NOT NULL,
      amount_minor BIGINT NOT NULL,
      allocated_on DATE,
      PRIMARY KEY (instance_id, company_id, urn, line_no));

CREATE TABLE sage_bank_account (instance_id INTEGER NOT NULL, company_id INTEGER NOT NULL,
      sage_id BIGINT NOT NULL,
      code VARCHAR(20) NOT NULL,
      name VARCHAR(60) NOT NULL,
      currency CHAR(3) NOT NULL,
      is_active BOOLEAN NOT NULL,
      PRIMARY KEY (instance_id, company_id, sage_id));

CREATE TABLE sage_company (
      instance_id INTEGER NOT NULL,
      id INTEGER NOT NULL,
      site_id VARCHAR(36) NOT NULL,
      sage_company_id INTEGER NOT NULL,
      name VARCHAR(100) NOT NULL,
      currency CHAR(3) NOT NULL,
      ageing_period_starts VARCHAR(100) NOT NULL,
      is_active BOOLEAN NOT NULL,
      seen_at BIGINT NOT NULL,
      PRIMARY KEY (instance_id, id));

CREATE UNIQUE INDEX sage_company_by_site ON sage_company (instance_id, site_id, sage_company_id);

CREATE TABLE sage_connection (
      instance_id INTEGER NOT NULL,
      state VARCHAR(20) NOT NULL,
      refresh_token TEXT,
      access_token TEXT,
      access_expires_at BIGINT,
      access_refresh_at BIGINT,
      signed_in_at BIGINT,
      sign_in_expires_at BIGINT,
      last_contact_at BIGINT,
      message VARCHAR(500),
      version INTEGER NOT NULL,
      given_token_hash CHAR(64),
      lease_owner VARCHAR(40),
      lease_until BIGINT NOT NULL,
      PRIMARY KEY (instance_id));

CREATE TABLE sage_contact (instance_id INTEGER NOT NULL, company_id INTEGER NOT NULL,
      account_sage_id BIGINT NOT NULL,
      sage_id BIGINT NOT NULL,
      first_name VARCHAR(60),
      last_name VARCHAR(60),
      name VARCHAR(180),
      email VARCHAR(227),
      telephone VARCHAR(227),
      is_default BOOLEAN NOT NULL,
      PRIMARY KEY (instance_id, company_id, account_sage_id, sage_id));

CREATE TABLE sage_cost_centre (
        instance_id INTEGER NOT NULL,
        company_id INTEGER NOT NULL,
        sage_id BIGINT NOT NULL,
        code VARCHAR(20) NOT NULL,
        name VARCHAR(60) NOT NULL,
        is_active BOOLEAN NOT NULL,
        PRIMARY KEY (instance_id, company_id, sage_id));

CREATE TABLE sage_currency (instance_id INTEGER NOT NULL, company_id INTEGER NOT NULL,
      sage_id BIGINT NOT NULL,
      iso_code CHAR(3),
      name VARCHAR(30) NOT NULL,
      symbol VARCHAR(4) NOT NULL,
      is_base BOOLEAN NOT NULL,
      PRIMARY KEY (instance_id, company_id, sage_id));

CREATE TABLE sage_department (
        instance_id INTEGER NOT NULL,
        company_id INTEGER NOT NULL,
        sage_id BIGINT NOT NULL,
        code VARCHAR(20) NOT NULL,
        name VARCHAR(60) NOT NULL,
        is_active BOOLEAN NOT NULL,
        PRIMARY KEY (instance_id, company_id, sage_id));

CREATE TABLE sage_nominal_account (instance_id INTEGER NOT NULL, company_id INTEGER NOT NULL,
      sage_id BIGINT NOT NULL,
      reference VARCHAR(20) NOT NULL,
      cost_centre VARCHAR(20) NOT NULL,
      department VARCHAR(20) NOT NULL,
      name VARCHAR(60) NOT NULL,
      is_posting BOOLEAN NOT NULL,
      is_active BOOLEAN NOT NULL,
      report_category_sage_id BIGINT,
      PRIMARY KEY (instance_id, company_id, sage_id));

CREATE INDEX sage_nominal_account_by_triple ON sage_nominal_account (instance_id, company_id, reference, cost_centre, department);

CREATE TABLE sage_report_category (instance_id INTEGER NOT NULL, company_id INTEGER NOT NULL,
      sage_id BIGINT NOT NULL,
      code VARCHAR(20) NOT NULL,
      name VARCHAR(60) NOT NULL,
      is_active BOOLEAN NOT NULL,
      PRIMARY KEY (instance_id, company_id, sage_id));

CREATE TABLE sage_tax_code (instance_id INTEGER NOT NULL, company_id INTEGER NOT NULL,
      sage_id BIGINT NOT NULL,
      code INTEGER NOT NULL,
      name VARCHAR(60) NOT NULL,
      rate_percent VARCHAR(20) NOT NULL,
      is_active BOOLEAN NOT NULL,
      PRIMARY KEY (instance_id, company_id, sage_id));

CREATE TABLE sage_transaction (instance_id INTEGER NOT NULL, company_id INTEGER NOT NULL,
      urn VARCHAR(20) NOT NULL,
      sage_id BIGINT NOT NULL,
      account_sage_id BIGINT NOT NULL,
      kind VARCHAR(20) NOT NULL,
      reference VARCHAR(20) NOT NULL,
      reference_folded VARCHAR(40) NOT NULL,
      second_reference VARCHAR(20) NOT NULL,
      second_reference_folded VARCHAR(40) NOT NULL,
      transaction_date DATE NOT NULL,
      posted_date DATE,
      due_date DATE,
      currency CHAR(3) NOT NULL,
      gross_minor BIGINT NOT NULL,
      net_minor BIGINT NOT NULL,
      tax_minor BIGINT NOT NULL,
      allocated_minor BIGINT NOT NULL,
      outstanding_minor BIGINT NOT NULL,
      base_gross_minor BIGINT,
      base_outstanding_minor BIGINT,
      exchange_rate VARCHAR(20),
      query_letter VARCHAR(1) NOT NULL,
      is_open BOOLEAN NOT NULL,
      place INTEGER NOT NULL,
      updated_at VARCHAR(24),
      content_hash CHAR(16) NOT NULL,
      seen_at BIGINT NOT NULL,
      deleted_at BIGINT,
      PRIMARY KEY (instance_id, company_id, urn));

CREATE INDEX sage_transaction_by_date ON sage_transaction (instance_id, transaction_date, company_id, urn);

CREATE INDEX sage_transaction_by_reference ON sage_transaction (instance_id, kind, reference_folded);

CREATE INDEX sage_transaction_by_sage_id ON sage_transaction (instance_id, company_id, place, sage_id);

CREATE INDEX sage_transaction_by_second_reference ON sage_transaction (instance_id, kind, second_reference_folded);

CREATE INDEX sage_transaction_of_account ON sage_transaction (instance_id, company_id, account_sage_id, transaction_date, urn);

CREATE INDEX sage_transaction_of_company ON sage_transaction (instance_id, company_id, transaction_date, urn);

CREATE INDEX sage_transaction_open ON sage_transaction (instance_id, company_id, account_sage_id, is_open);

CREATE TABLE sign_in_ticket (
      instance_id INTEGER NOT NULL,
      ticket_hash CHAR(64) NOT NULL,
      kind VARCHAR(10) NOT NULL,
      subject VARCHAR(255) NOT NULL,
      expires_at BIGINT NOT NULL,
      used_at BIGINT,
      PRIMARY KEY (instance_id, ticket_hash));

CREATE INDEX sign_in_ticket_by_end ON sign_in_ticket (instance_id, expires_at);

CREATE TABLE sync_quarantine (instance_id INTEGER NOT NULL, company_id INTEGER NOT NULL,
      resource VARCHAR(20) NOT NULL,
      row_key VARCHAR(64) NOT NULL,
      reason VARCHAR(500) NOT NULL,
      row_text TEXT NOT NULL,
      first_seen_at BIGINT NOT NULL,
      last_seen_at BIGINT NOT NULL,
      PRIMARY KEY (instance_id, company_id, resource, row_key));

CREATE TABLE sync_state (instance_id INTEGER NOT NULL, company_id INTEGER NOT NULL,
      resource VARCHAR(20) NOT NULL,
      state VARCHAR(10) NOT NULL,
      is_full BOOLEAN NOT NULL,
      pass_name VARCHAR(20) NOT NULL,
      after_id BIGINT NOT NULL,
      updated_since VARCHAR(24),
      next_updated_since VARCHAR(24),
      run_started_at BIGINT,
      rows_read INTEGER NOT NULL,
      rows_expected INTEGER,
      completed_start_at BIGINT,
      succeeded_at BIGINT,
      swept_at BIGINT,
      due_at BIGINT NOT NULL,
      is_full_wanted BOOLEAN NOT NULL,
      failures INTEGER NOT NULL,
      message VARCHAR(500),
      lease_owner VARCHAR(40),
      lease_until BIGINT NOT NULL,
      PRIMARY KEY (instance_id, company_id, resource));

CREATE INDEX sync_state_due ON sync_state (instance_id, due_at);
