-- Emitted by `npm run schema`. Do not edit.

CREATE TABLE `account_number` (
  `instance_id` int NOT NULL,
  `company_id` int NOT NULL,
  `account_number` varchar(8) NOT NULL,
  `customer_layer_id` varchar(64) NOT NULL,
  PRIMARY KEY (`instance_id`,`company_id`,`account_number`),
  UNIQUE KEY `account_number_of_customer` (`instance_id`,`customer_layer_id`,`company_id`)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;

CREATE TABLE `audit_entry` (
  `instance_id` int NOT NULL,
  `id` varchar(32) NOT NULL,
  `at` bigint NOT NULL,
  `who` varchar(255) NOT NULL,
  `action` varchar(40) NOT NULL,
  `subject_id` varchar(255) NOT NULL,
  `reason` varchar(1000) DEFAULT NULL,
  `summary` varchar(1000) NOT NULL,
  PRIMARY KEY (`instance_id`,`id`),
  KEY `audit_entry_of_subject` (`instance_id`,`subject_id`,`id`)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;

CREATE TABLE `customer` (
  `instance_id` int NOT NULL,
  `layer_id` varchar(64) NOT NULL,
  `name` varchar(255) NOT NULL,
  `name_folded` varchar(255) NOT NULL,
  `email` varchar(255) DEFAULT NULL,
  `website` varchar(255) DEFAULT NULL,
  `telephone` varchar(255) DEFAULT NULL,
  `fax` varchar(255) DEFAULT NULL,
  `vat_number` varchar(64) DEFAULT NULL,
  `sync_status` varchar(12) NOT NULL,
  `created_at` bigint NOT NULL,
  `updated_at` bigint NOT NULL,
  PRIMARY KEY (`instance_id`,`layer_id`),
  KEY `customer_by_name` (`instance_id`,`name_folded`,`layer_id`),
  KEY `customer_by_sync_status` (`instance_id`,`sync_status`,`name_folded`,`layer_id`)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;

CREATE TABLE `customer_contact` (
  `instance_id` int NOT NULL,
  `customer_layer_id` varchar(64) NOT NULL,
  `layer_id` varchar(64) NOT NULL,
  `first_name` varchar(60) DEFAULT NULL,
  `last_name` varchar(60) DEFAULT NULL,
  `email` varchar(227) DEFAULT NULL,
  `telephone` varchar(227) DEFAULT NULL,
  PRIMARY KEY (`instance_id`,`customer_layer_id`,`layer_id`)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;

CREATE TABLE `customer_contact_link` (
  `instance_id` int NOT NULL,
  `customer_layer_id` varchar(64) NOT NULL,
  `contact_layer_id` varchar(64) NOT NULL,
  `company_id` int NOT NULL,
  `sage_contact_id` bigint NOT NULL,
  `email` varchar(227) DEFAULT NULL,
  `telephone` varchar(227) DEFAULT NULL,
  PRIMARY KEY (`instance_id`,`customer_layer_id`,`contact_layer_id`,`company_id`)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;

CREATE TABLE `customer_link` (
  `instance_id` int NOT NULL,
  `company_id` int NOT NULL,
  `account_sage_id` bigint NOT NULL,
  `customer_layer_id` varchar(64) NOT NULL,
  `linked_at` bigint NOT NULL,
  `linked_by` varchar(255) NOT NULL,
  PRIMARY KEY (`instance_id`,`company_id`,`account_sage_id`),
  UNIQUE KEY `customer_link_of_customer` (`instance_id`,`customer_layer_id`,`company_id`)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;

CREATE TABLE `customer_push_step` (
  `instance_id` int NOT NULL,
  `push_id` varchar(32) NOT NULL,
  `step` varchar(120) NOT NULL,
  PRIMARY KEY (`instance_id`,`push_id`,`step`)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;

CREATE TABLE `customer_word` (
  `instance_id` int NOT NULL,
  `word` varchar(40) NOT NULL,
  `layer_id` varchar(64) NOT NULL,
  PRIMARY KEY (`instance_id`,`word`,`layer_id`),
  KEY `customer_word_of_customer` (`instance_id`,`layer_id`)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;

CREATE TABLE `document` (
  `instance_id` int NOT NULL,
  `kind` varchar(12) NOT NULL,
  `layer_id` varchar(64) NOT NULL,
  `layer_id_folded` varchar(64) NOT NULL,
  `reference` varchar(20) DEFAULT NULL,
  `reference_folded` varchar(40) NOT NULL,
  `customer_layer_id` varchar(64) NOT NULL,
  `sub_company_layer_id` varchar(64) DEFAULT NULL,
  `payment_method_layer_id` varchar(64) DEFAULT NULL,
  `dated_on` date NOT NULL,
  `due_on` date DEFAULT NULL,
  `currency` char(3) NOT NULL,
  `is_currency_given` tinyint(1) NOT NULL,
  `net_minor` bigint NOT NULL,
  `vat_minor` bigint NOT NULL,
  `gross_minor` bigint NOT NULL,
  `returns_kind` varchar(12) DEFAULT NULL,
  `returns_layer_id` varchar(64) DEFAULT NULL,
  `registered_company_id` int DEFAULT NULL,
  `registered_urn` varchar(20) DEFAULT NULL,
  `content_hash` char(16) NOT NULL,
  `push_id` varchar(32) DEFAULT NULL,
  `created_at` bigint NOT NULL,
  `updated_at` bigint NOT NULL,
  `origin` varchar(5) NOT NULL DEFAULT 'LAYER',
  `reversed_at` bigint DEFAULT NULL,
  `outstanding_minor` bigint NOT NULL DEFAULT 0,
  PRIMARY KEY (`instance_id`,`kind`,`layer_id`),
  KEY `document_by_date` (`instance_id`,`kind`,`dated_on`,`layer_id`),
  KEY `document_of_customer` (`instance_id`,`customer_layer_id`,`kind`,`dated_on`,`layer_id`),
  KEY `document_by_reference` (`instance_id`,`kind`,`reference_folded`),
  KEY `document_by_layer_id` (`instance_id`,`kind`,`layer_id_folded`),
  KEY `document_of_push` (`instance_id`,`push_id`),
  KEY `document_registered` (`instance_id`,`registered_company_id`,`registered_urn`),
  KEY `document_returning` (`instance_id`,`returns_kind`,`returns_layer_id`),
  KEY `document_open` (`instance_id`,`customer_layer_id`,`kind`,`outstanding_minor`)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;

CREATE TABLE `document_line` (
  `instance_id` int NOT NULL,
  `kind` varchar(12) NOT NULL,
  `document_layer_id` varchar(64) NOT NULL,
  `line_no` int NOT NULL,
  `layer_id` varchar(64) NOT NULL,
  `description` varchar(6000) NOT NULL,
  `nominal_code` varchar(64) NOT NULL,
  `vat_code` varchar(64) NOT NULL,
  `net_minor` bigint NOT NULL,
  `vat_minor` bigint NOT NULL,
  PRIMARY KEY (`instance_id`,`kind`,`document_layer_id`,`line_no`)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;

CREATE TABLE `document_share` (
  `instance_id` int NOT NULL,
  `kind` varchar(12) NOT NULL,
  `document_layer_id` varchar(64) NOT NULL,
  `share_no` int NOT NULL,
  `invoice_layer_id` varchar(64) NOT NULL,
  `line_layer_id` varchar(64) DEFAULT NULL,
  `amount_minor` bigint NOT NULL,
  PRIMARY KEY (`instance_id`,`kind`,`document_layer_id`,`share_no`),
  KEY `document_share_of_invoice` (`instance_id`,`invoice_layer_id`)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;

CREATE TABLE `event` (
  `instance_id` int NOT NULL,
  `sequence` bigint NOT NULL,
  `kind` varchar(20) NOT NULL,
  `at` bigint NOT NULL,
  `company_id` int DEFAULT NULL,
  `account_sage_id` bigint DEFAULT NULL,
  `customer_layer_id` varchar(64) DEFAULT NULL,
  `subject` varchar(64) NOT NULL,
  `details` varchar(255) DEFAULT NULL,
  PRIMARY KEY (`instance_id`,`sequence`),
  KEY `event_of_kind` (`instance_id`,`kind`,`sequence`)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;

CREATE TABLE `event_sequence` (
  `instance_id` int NOT NULL,
  `last_sequence` bigint NOT NULL,
  `pruned_sequence` bigint NOT NULL,
  PRIMARY KEY (`instance_id`)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;

CREATE TABLE `instance` (
  `id` int NOT NULL,
  `slug` varchar(64) NOT NULL,
  `created_at` bigint NOT NULL,
  `disabled_at` bigint DEFAULT NULL,
  `rate_per_second` int DEFAULT NULL,
  `rate_burst` int DEFAULT NULL,
  PRIMARY KEY (`id`),
  UNIQUE KEY `instance_by_slug` (`slug`)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;

CREATE TABLE `mapping` (
  `instance_id` int NOT NULL,
  `kind` varchar(16) NOT NULL,
  `layer_id` varchar(64) NOT NULL,
  `company_id` int NOT NULL,
  `target_sage_id` bigint DEFAULT NULL,
  `updated_at` bigint NOT NULL,
  PRIMARY KEY (`instance_id`,`kind`,`layer_id`,`company_id`)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;

CREATE TABLE `mapping_subject` (
  `instance_id` int NOT NULL,
  `kind` varchar(16) NOT NULL,
  `layer_id` varchar(64) NOT NULL,
  `name` varchar(255) NOT NULL,
  `rate_percent` varchar(20) DEFAULT NULL,
  `updated_at` bigint NOT NULL,
  PRIMARY KEY (`instance_id`,`kind`,`layer_id`)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;

CREATE TABLE `migration` (
  `id` int NOT NULL AUTO_INCREMENT,
  `timestamp` bigint NOT NULL,
  `name` varchar(255) NOT NULL,
  PRIMARY KEY (`id`)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_general_ci;

CREATE TABLE `push` (
  `instance_id` int NOT NULL,
  `id` varchar(32) NOT NULL,
  `kind` varchar(12) NOT NULL,
  `layer_id` varchar(64) NOT NULL,
  `generation` int NOT NULL,
  `lane` varchar(80) NOT NULL,
  `status` varchar(10) NOT NULL,
  `company_id` int DEFAULT NULL,
  `customer_layer_id` varchar(64) DEFAULT NULL,
  `amount_minor` bigint DEFAULT NULL,
  `currency` char(3) DEFAULT NULL,
  `reference` varchar(64) NOT NULL,
  `reference_folded` varchar(64) NOT NULL,
  `layer_id_folded` varchar(64) NOT NULL,
  `sage_reference` varchar(40) NOT NULL,
  `content_hash` char(16) NOT NULL,
  `payload` mediumtext DEFAULT NULL,
  `step` varchar(40) DEFAULT NULL,
  `step_facts` mediumtext DEFAULT NULL,
  `urn` varchar(20) DEFAULT NULL,
  `sage_id` bigint DEFAULT NULL,
  `posted_at` bigint DEFAULT NULL,
  `allocated_at` bigint DEFAULT NULL,
  `attempts` int NOT NULL,
  `failures` int NOT NULL,
  `empty_look_ups` int NOT NULL,
  `next_attempt_at` bigint DEFAULT NULL,
  `sent_at` bigint DEFAULT NULL,
  `lost_at` bigint DEFAULT NULL,
  `fence` int NOT NULL,
  `error_code` varchar(40) DEFAULT NULL,
  `error_key` varchar(120) DEFAULT NULL,
  `error_subject` varchar(255) DEFAULT NULL,
  `error_message` varchar(700) DEFAULT NULL,
  `error_remedy` varchar(500) DEFAULT NULL,
  `created_at` bigint NOT NULL,
  `updated_at` bigint NOT NULL,
  PRIMARY KEY (`instance_id`,`id`),
  UNIQUE KEY `push_of_document` (`instance_id`,`kind`,`layer_id`,`generation`),
  KEY `push_in_lane` (`instance_id`,`lane`,`status`,`id`),
  KEY `push_by_status` (`instance_id`,`status`,`id`),
  KEY `push_by_cause` (`instance_id`,`status`,`error_code`,`error_key`),
  KEY `push_due` (`instance_id`,`status`,`next_attempt_at`),
  KEY `push_of_customer` (`instance_id`,`customer_layer_id`,`status`,`id`),
  KEY `push_by_urn` (`instance_id`,`company_id`,`urn`),
  KEY `push_by_reference` (`instance_id`,`reference_folded`),
  KEY `push_by_layer_id` (`instance_id`,`layer_id_folded`),
  KEY `push_posted_of_customer` (`instance_id`,`customer_layer_id`,`posted_at`),
  KEY `push_by_urn_alone` (`instance_id`,`urn`),
  KEY `push_by_sage_reference` (`instance_id`,`sage_reference`)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;

CREATE TABLE `push_attempt` (
  `instance_id` int NOT NULL,
  `push_id` varchar(32) NOT NULL,
  `attempt_no` int NOT NULL,
  `at` bigint NOT NULL,
  `step` varchar(40) NOT NULL,
  `outcome` varchar(700) NOT NULL,
  `http_status` int DEFAULT NULL,
  `duration_ms` int NOT NULL,
  PRIMARY KEY (`instance_id`,`push_id`,`attempt_no`)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;

CREATE TABLE `push_lane` (
  `instance_id` int NOT NULL,
  `lane` varchar(80) NOT NULL,
  `due_at` bigint NOT NULL,
  `owner` varchar(60) DEFAULT NULL,
  PRIMARY KEY (`instance_id`,`lane`),
  KEY `push_lane_due` (`instance_id`,`due_at`,`lane`,`owner`)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;

CREATE TABLE `push_need` (
  `instance_id` int NOT NULL,
  `push_id` varchar(32) NOT NULL,
  `needs_kind` varchar(12) NOT NULL,
  `needs_layer_id` varchar(64) NOT NULL,
  PRIMARY KEY (`instance_id`,`push_id`,`needs_kind`,`needs_layer_id`),
  KEY `push_needed_by` (`instance_id`,`needs_kind`,`needs_layer_id`)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;

CREATE TABLE `receipt` (
  `instance_id` int NOT NULL,
  `company_id` int NOT NULL,
  `urn` varchar(20) NOT NULL,
  `kind` varchar(20) NOT NULL,
  `origin` varchar(5) NOT NULL,
  `account_sage_id` bigint NOT NULL,
  `received_on` date NOT NULL,
  `currency` char(3) NOT NULL,
  `amount_minor` bigint NOT NULL,
  `matched_minor` bigint NOT NULL,
  `allocated_minor` bigint NOT NULL,
  `status` varchar(16) NOT NULL,
  `ignored_at` bigint DEFAULT NULL,
  PRIMARY KEY (`instance_id`,`company_id`,`urn`),
  KEY `receipt_by_status` (`instance_id`,`origin`,`status`,`received_on`,`company_id`,`urn`),
  KEY `receipt_of_company` (`instance_id`,`company_id`,`status`,`received_on`,`urn`),
  KEY `receipt_to_match` (`instance_id`,`company_id`,`status`,`account_sage_id`,`received_on`,`urn`),
  KEY `receipt_of_account` (`instance_id`,`company_id`,`account_sage_id`,`received_on`,`urn`)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;

CREATE TABLE `receipt_match` (
  `instance_id` int NOT NULL,
  `id` varchar(32) NOT NULL,
  `company_id` int NOT NULL,
  `urn` varchar(20) NOT NULL,
  `invoice_layer_id` varchar(64) NOT NULL,
  `currency` char(3) NOT NULL,
  `amount_minor` bigint NOT NULL,
  `origin` varchar(10) NOT NULL,
  `rule` varchar(40) DEFAULT NULL,
  `matched_by` varchar(255) NOT NULL,
  `matched_at` bigint NOT NULL,
  `push_id` varchar(32) DEFAULT NULL,
  `undone_at` bigint DEFAULT NULL,
  `undone_by` varchar(255) DEFAULT NULL,
  `undo_reason` varchar(1000) DEFAULT NULL,
  `is_to_undo_in_sage` tinyint(1) NOT NULL,
  PRIMARY KEY (`instance_id`,`id`),
  KEY `receipt_match_of_receipt` (`instance_id`,`company_id`,`urn`,`id`),
  KEY `receipt_match_of_invoice` (`instance_id`,`invoice_layer_id`),
  KEY `receipt_match_of_push` (`instance_id`,`push_id`),
  KEY `receipt_match_to_undo` (`instance_id`,`company_id`,`is_to_undo_in_sage`,`urn`)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;

CREATE TABLE `sage_account` (
  `instance_id` int NOT NULL,
  `company_id` int NOT NULL,
  `sage_id` bigint NOT NULL,
  `account_number` varchar(20) NOT NULL,
  `account_number_folded` varchar(40) NOT NULL,
  `name` varchar(60) NOT NULL,
  `short_name` varchar(8) DEFAULT NULL,
  `currency` char(3) NOT NULL,
  `balance_minor` bigint NOT NULL,
  `credit_limit_minor` bigint NOT NULL,
  `is_over_credit_limit` tinyint(1) NOT NULL,
  `on_hold` tinyint(1) NOT NULL,
  `status_reason` varchar(256) DEFAULT NULL,
  `is_active` tinyint(1) NOT NULL,
  `telephone` varchar(227) DEFAULT NULL,
  `fax` varchar(227) DEFAULT NULL,
  `website` varchar(200) DEFAULT NULL,
  `vat_number` varchar(30) DEFAULT NULL,
  `address` mediumtext DEFAULT NULL,
  `updated_at` varchar(24) DEFAULT NULL,
  `content_hash` char(16) NOT NULL,
  `seen_at` bigint NOT NULL,
  `deleted_at` bigint DEFAULT NULL,
  PRIMARY KEY (`instance_id`,`company_id`,`sage_id`),
  KEY `sage_account_by_number` (`instance_id`,`account_number`,`company_id`,`sage_id`),
  KEY `sage_account_by_folded_number` (`instance_id`,`account_number_folded`),
  KEY `sage_account_in_company` (`instance_id`,`company_id`,`account_number`,`sage_id`),
  KEY `sage_account_on_hold` (`instance_id`,`on_hold`,`account_number`),
  KEY `sage_account_over_limit` (`instance_id`,`is_over_credit_limit`,`account_number`)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;

CREATE TABLE `sage_account_word` (
  `instance_id` int NOT NULL,
  `word` varchar(40) NOT NULL,
  `company_id` int NOT NULL,
  `sage_id` bigint NOT NULL,
  PRIMARY KEY (`instance_id`,`word`,`company_id`,`sage_id`),
  KEY `sage_account_word_of_account` (`instance_id`,`company_id`,`sage_id`)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;

CREATE TABLE `sage_allocation` (
  `instance_id` int NOT NULL,
  `company_id` int NOT NULL,
  `urn` varchar(20) NOT NULL,
  `line_no` int NOT NULL,
  `other_urn` varchar(20) NOT NULL,
  `other_reference` varchar(20) NOT NULL,
  `amount_minor` bigint NOT NULL,
  `allocated_on` date DEFAULT NULL,
  PRIMARY KEY (`instance_id`,`company_id`,`urn`,`line_no`)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;

CREATE TABLE `sage_bank_account` (
  `instance_id` int NOT NULL,
  `company_id` int NOT NULL,
  `sage_id` bigint NOT NULL,
  `code` varchar(20) NOT NULL,
  `name` varchar(60) NOT NULL,
  `currency` char(3) NOT NULL,
  `is_active` tinyint(1) NOT NULL,
  PRIMARY KEY (`instance_id`,`company_id`,`sage_id`)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;

CREATE TABLE `sage_company` (
  `instance_id` int NOT NULL,
  `id` int NOT NULL,
  `site_id` varchar(36) NOT NULL,
  `sage_company_id` int NOT NULL,
  `name` varchar(100) NOT NULL,
  `currency` char(3) NOT NULL,
  `ageing_period_starts` varchar(100) NOT NULL,
  `is_active` tinyint(1) NOT NULL,
  `seen_at` bigint NOT NULL,
  PRIMARY KEY (`instance_id`,`id`),
  UNIQUE KEY `sage_company_by_site` (`instance_id`,`site_id`,`sage_company_id`)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;

CREATE TABLE `sage_connection` (
  `instance_id` int NOT NULL,
  `state` varchar(20) NOT NULL,
  `refresh_token` mediumtext DEFAULT NULL,
  `access_token` mediumtext DEFAULT NULL,
  `access_expires_at` bigint DEFAULT NULL,
  `access_refresh_at` bigint DEFAULT NULL,
  `signed_in_at` bigint DEFAULT NULL,
  `sign_in_expires_at` bigint DEFAULT NULL,
  `last_contact_at` bigint DEFAULT NULL,
  `message` varchar(500) DEFAULT NULL,
  `version` int NOT NULL,
  `given_token_hash` char(64) DEFAULT NULL,
  `lease_owner` varchar(40) DEFAULT NULL,
  `lease_until` bigint NOT NULL,
  PRIMARY KEY (`instance_id`)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;

CREATE TABLE `sage_contact` (
  `instance_id` int NOT NULL,
  `company_id` int NOT NULL,
  `account_sage_id` bigint NOT NULL,
  `sage_id` bigint NOT NULL,
  `first_name` varchar(60) DEFAULT NULL,
  `last_name` varchar(60) DEFAULT NULL,
  `name` varchar(180) DEFAULT NULL,
  `email` varchar(227) DEFAULT NULL,
  `telephone` varchar(227) DEFAULT NULL,
  `is_default` tinyint(1) NOT NULL,
  PRIMARY KEY (`instance_id`,`company_id`,`account_sage_id`,`sage_id`)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;

CREATE TABLE `sage_cost_centre` (
  `instance_id` int NOT NULL,
  `company_id` int NOT NULL,
  `sage_id` bigint NOT NULL,
  `code` varchar(20) NOT NULL,
  `name` varchar(60) NOT NULL,
  `is_active` tinyint(1) NOT NULL,
  PRIMARY KEY (`instance_id`,`company_id`,`sage_id`)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;

CREATE TABLE `sage_currency` (
  `instance_id` int NOT NULL,
  `company_id` int NOT NULL,
  `sage_id` bigint NOT NULL,
  `iso_code` char(3) DEFAULT NULL,
  `name` varchar(30) NOT NULL,
  `symbol` varchar(4) NOT NULL,
  `is_base` tinyint(1) NOT NULL,
  PRIMARY KEY (`instance_id`,`company_id`,`sage_id`)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;

CREATE TABLE `sage_department` (
  `instance_id` int NOT NULL,
  `company_id` int NOT NULL,
  `sage_id` bigint NOT NULL,
  `code` varchar(20) NOT NULL,
  `name` varchar(60) NOT NULL,
  `is_active` tinyint(1) NOT NULL,
  PRIMARY KEY (`instance_id`,`company_id`,`sage_id`)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;

CREATE TABLE `sage_nominal_account` (
  `instance_id` int NOT NULL,
  `company_id` int NOT NULL,
  `sage_id` bigint NOT NULL,
  `reference` varchar(20) NOT NULL,
  `cost_centre` varchar(20) NOT NULL,
  `department` varchar(20) NOT NULL,
  `name` varchar(60) NOT NULL,
  `is_posting` tinyint(1) NOT NULL,
  `is_active` tinyint(1) NOT NULL,
  `report_category_sage_id` bigint DEFAULT NULL,
  PRIMARY KEY (`instance_id`,`company_id`,`sage_id`),
  KEY `sage_nominal_account_by_triple` (`instance_id`,`company_id`,`reference`,`cost_centre`,`department`)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;

CREATE TABLE `sage_report_category` (
  `instance_id` int NOT NULL,
  `company_id` int NOT NULL,
  `sage_id` bigint NOT NULL,
  `code` varchar(20) NOT NULL,
  `name` varchar(60) NOT NULL,
  `is_active` tinyint(1) NOT NULL,
  PRIMARY KEY (`instance_id`,`company_id`,`sage_id`)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;

CREATE TABLE `sage_tax_code` (
  `instance_id` int NOT NULL,
  `company_id` int NOT NULL,
  `sage_id` bigint NOT NULL,
  `code` int NOT NULL,
  `name` varchar(60) NOT NULL,
  `rate_percent` varchar(20) NOT NULL,
  `is_active` tinyint(1) NOT NULL,
  PRIMARY KEY (`instance_id`,`company_id`,`sage_id`)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;

CREATE TABLE `sage_transaction` (
  `instance_id` int NOT NULL,
  `company_id` int NOT NULL,
  `urn` varchar(20) NOT NULL,
  `sage_id` bigint NOT NULL,
  `account_sage_id` bigint NOT NULL,
  `kind` varchar(20) NOT NULL,
  `reference` varchar(20) NOT NULL,
  `reference_folded` varchar(40) NOT NULL,
  `second_reference` varchar(20) NOT NULL,
  `second_reference_folded` varchar(40) NOT NULL,
  `transaction_date` date NOT NULL,
  `posted_date` date DEFAULT NULL,
  `due_date` date DEFAULT NULL,
  `currency` char(3) NOT NULL,
  `gross_minor` bigint NOT NULL,
  `net_minor` bigint NOT NULL,
  `tax_minor` bigint NOT NULL,
  `allocated_minor` bigint NOT NULL,
  `outstanding_minor` bigint NOT NULL,
  `base_gross_minor` bigint DEFAULT NULL,
  `base_outstanding_minor` bigint DEFAULT NULL,
  `exchange_rate` varchar(20) DEFAULT NULL,
  `query_letter` varchar(1) NOT NULL,
  `is_open` tinyint(1) NOT NULL,
  `place` int NOT NULL,
  `updated_at` varchar(24) DEFAULT NULL,
  `content_hash` char(16) NOT NULL,
  `seen_at` bigint NOT NULL,
  `deleted_at` bigint DEFAULT NULL,
  PRIMARY KEY (`instance_id`,`company_id`,`urn`),
  KEY `sage_transaction_of_account` (`instance_id`,`company_id`,`account_sage_id`,`transaction_date`,`urn`),
  KEY `sage_transaction_open` (`instance_id`,`company_id`,`account_sage_id`,`is_open`),
  KEY `sage_transaction_by_date` (`instance_id`,`transaction_date`,`company_id`,`urn`),
  KEY `sage_transaction_of_company` (`instance_id`,`company_id`,`transaction_date`,`urn`),
  KEY `sage_transaction_by_sage_id` (`instance_id`,`company_id`,`place`,`sage_id`),
  KEY `sage_transaction_by_reference` (`instance_id`,`kind`,`reference_folded`),
  KEY `sage_transaction_by_second_reference` (`instance_id`,`kind`,`second_reference_folded`)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;

CREATE TABLE `sign_in_ticket` (
  `instance_id` int NOT NULL,
  `ticket_hash` char(64) NOT NULL,
  `kind` varchar(10) NOT NULL,
  `subject` varchar(255) NOT NULL,
  `expires_at` bigint NOT NULL,
  `used_at` bigint DEFAULT NULL,
  PRIMARY KEY (`instance_id`,`ticket_hash`),
  KEY `sign_in_ticket_by_end` (`instance_id`,`expires_at`)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;

CREATE TABLE `sync_quarantine` (
  `instance_id` int NOT NULL,
  `company_id` int NOT NULL,
  `resource` varchar(20) NOT NULL,
  `row_key` varchar(64) NOT NULL,
  `reason` varchar(500) NOT NULL,
  `row_text` mediumtext NOT NULL,
  `first_seen_at` bigint NOT NULL,
  `last_seen_at` bigint NOT NULL,
  PRIMARY KEY (`instance_id`,`company_id`,`resource`,`row_key`)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;

CREATE TABLE `sync_state` (
  `instance_id` int NOT NULL,
  `company_id` int NOT NULL,
  `resource` varchar(20) NOT NULL,
  `state` varchar(10) NOT NULL,
  `is_full` tinyint(1) NOT NULL,
  `pass_name` varchar(20) NOT NULL,
  `after_id` bigint NOT NULL,
  `updated_since` varchar(24) DEFAULT NULL,
  `next_updated_since` varchar(24) DEFAULT NULL,
  `run_started_at` bigint DEFAULT NULL,
  `rows_read` int NOT NULL,
  `rows_expected` int DEFAULT NULL,
  `completed_start_at` bigint DEFAULT NULL,
  `succeeded_at` bigint DEFAULT NULL,
  `swept_at` bigint DEFAULT NULL,
  `due_at` bigint NOT NULL,
  `is_full_wanted` tinyint(1) NOT NULL,
  `failures` int NOT NULL,
  `message` varchar(500) DEFAULT NULL,
  `lease_owner` varchar(40) DEFAULT NULL,
  `lease_until` bigint NOT NULL,
  PRIMARY KEY (`instance_id`,`company_id`,`resource`),
  KEY `sync_state_due` (`instance_id`,`due_at`)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;
