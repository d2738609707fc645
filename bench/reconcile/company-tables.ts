import { SHARE_TABLE } from '../../src/documents/store-document.js';

const table = (name: string, key: string, others = '') => ({
  name,
  key: key.split(' '),
  columns: `${key} ${others}`.trim().split(/\s+/),
});

export const COMPANY = table(
  'sage_company',
  'instance_id id',
  'site_id sage_company_id name currency ageing_period_starts is_active seen_at',
);
export const ACCOUNT = table(
  'sage_account',
  'instance_id company_id sage_id',
  `account_number account_number_folded name currency balance_minor credit_limit_minor is_over_credit_limit on_hold is_active
    content_hash seen_at`,
);
export const CUSTOMER = table('customer', 'instance_id layer_id', 'name name_folded sync_status created_at updated_at');
export const LINK = table(
  'customer_link',
  'instance_id company_id account_sage_id',
  'customer_layer_id linked_at linked_by',
);
export const DOCUMENT = table(
  'document',
  'instance_id kind layer_id',
  `layer_id_folded reference reference_folded customer_layer_id dated_on due_on currency is_currency_given net_minor vat_minor
    gross_minor content_hash push_id created_at updated_at outstanding_minor`,
);
export const TRANSACTION = table(
  'sage_transaction',
  'instance_id company_id urn',
  `sage_id account_sage_id kind reference reference_folded second_reference second_reference_folded transaction_date currency
    gross_minor net_minor tax_minor allocated_minor outstanding_minor query_letter is_open place content_hash seen_at`,
);
export const RECEIPT = table(
  'receipt',
  'instance_id company_id urn',
  'kind origin account_sage_id received_on currency amount_minor matched_minor allocated_minor status',
);
export { SHARE_TABLE as SHARE };

/**
 * What the posting of documents leaves, made of the documents themselves: their pushes, the lines and the rows of the ledger of
 * invoices. Parameters: the instance and the two layer ids between which the documents are. A layer id is INV or PAY and the URN;
 * a customer's is C and the id of its account.
 */
const DERIVED = [
  `INSERT INTO push (instance_id, id, kind, layer_id, generation, lane, status, company_id, customer_layer_id, amount_minor, currency,
      reference, reference_folded, layer_id_folded, sage_reference, content_hash, urn, sage_id, posted_at, attempts, failures,
      empty_look_ups, fence, created_at, updated_at)
    SELECT instance_id, layer_id, kind, layer_id, 0, REPLACE(customer_layer_id, 'C', 'c:C'), 'SUCCEEDED', 1, customer_layer_id, gross_minor,
           currency, reference, reference_folded, layer_id_folded, layer_id, content_hash, SUBSTR(layer_id, 4), SUBSTR(layer_id, 4) + 0,
           1, 1, 0, 0, 1, 1, 1
      FROM document WHERE instance_id = ? AND kind = 'KIND' AND layer_id >= ? AND layer_id <= ?`,
  `INSERT INTO document_line (instance_id, kind, document_layer_id, line_no, layer_id, description, nominal_code, vat_code, net_minor, vat_minor)
    SELECT instance_id, kind, layer_id, 0, '1', 'Broadband', '4000', 'S', net_minor, vat_minor
      FROM document WHERE instance_id = ? AND kind = 'INVOICE' AND layer_id >= ? AND layer_id <= ?`,
  `INSERT INTO sage_transaction (instance_id, company_id, urn, sage_id, account_sage_id, kind, reference, reference_folded, second_reference,
      second_reference_folded, transaction_date, due_date, currency, gross_minor, net_minor, tax_minor, allocated_minor, outstanding_minor,
      query_letter, is_open, place, content_hash, seen_at)
    SELECT instance_id, 1, SUBSTR(layer_id, 4), SUBSTR(layer_id, 4) + 0, SUBSTR(customer_layer_id, 2) + 0, kind, reference, reference_folded,
           layer_id, layer_id_folded, dated_on, due_on, currency, gross_minor, net_minor, vat_minor, gross_minor - outstanding_minor,
           outstanding_minor, '', CASE WHEN outstanding_minor = 0 THEN 0 ELSE 1 END, 0, content_hash, 1
      FROM document WHERE instance_id = ? AND kind = 'INVOICE' AND layer_id >= ? AND layer_id <= ?`,
] as const;

export const DERIVED_OF_INVOICES = DERIVED.map((sql) => sql.replace('KIND', 'INVOICE'));
/** Payments have no lines; that their rows of the ledger are not there makes no difference to the receipts of others. */
export const DERIVED_OF_PAYMENTS = [DERIVED[0].replace('KIND', 'PAYMENT')];
