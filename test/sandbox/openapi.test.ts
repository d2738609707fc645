import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { startSandbox, type Sandbox } from '../../src/sandbox/sandbox.js';
import { sageOpenApi } from '../support/openapi.js';

const openApi = sageOpenApi();
if (!openApi) console.log("Left out: the contract test, as Sage's OpenAPI files are not at hand.");

const LISTS = [
  '/customers',
  '/customer_views',
  '/lookup_customers',
  '/customer_contacts',
  '/customer_emails',
  '/customer_telephones',
  '/customer_delivery_addresses',
  '/customer_memos',
  '/sales_posted_transactions',
  '/sales_historical_transactions',
  '/sales_transaction_views',
  '/sales_transaction_enquiry_views',
  '/sales_aged_debtor_summary_views',
  '/sales_aged_debtor_detailed_views',
  '/sales_ledger_settings',
  '/sales_trading_periods',
  '/currencies',
  '/currency_iso_codes',
  '/tax_codes',
  '/country_codes',
  '/account_status_types',
  '/allocation_status_types',
  '/trader_transaction_types',
  '/trader_account_types',
  '/trader_payment_terms',
  '/financial_year_period_views',
  '/nominal_codes',
  '/nominal_code_views',
  '/lookup_nominal_codes',
  '/nominal_report_categories',
  '/cost_centres',
  '/departments',
  '/nominal_account_types',
  '/banks',
  '/bank_views',
  '/lookup_banks',
  '/company_details',
  '/ledger_types',
];
const EXPANDED = {
  '/customers': 'contacts,main_address,currency,default_tax_code',
  '/sales_posted_transactions':
    'allocation_session_items,tax_analysis_items,nominal_analysis_items,bank_items,allocation_history_items',
  '/currencies': 'currency_iso_code',
};

(openApi ? describe : describe.skip)("the sandbox's answers are those of Sage's OpenAPI files", () => {
  let sandbox: Sandbox;
  let headers: Record<string, string>;
  beforeAll(async () => {
    sandbox = await startSandbox({ customers: 60, transactions: 1_500 });
    const [company] = sandbox.control.status().companies;
    const grant = sandbox.control.signIn() as unknown as Record<string, string>;
    headers = {
      authorization: `Bearer ${grant.access_token}`,
      'x-site': company?.siteId ?? '',
      'x-company': String(company?.companyId),
    };
  });
  afterAll(() => sandbox.close());

  const rowsOf = async (path: string, query: string) => {
    const answer = await fetch(`${sandbox.apiUrl}${path}?${query}`, { headers });
    expect([path, answer.status]).toEqual([path, 200]);
    const body = (await answer.json()) as unknown;
    return Array.isArray(body) ? body : [body];
  };

  test.each(LISTS)('%s', async (path) => {
    expect(openApi?.rowSchema(path)).not.toBeNull();
    const rows = await rowsOf(path, '$top=500');
    if (!['/sales_historical_transactions', '/customer_memos'].includes(path)) expect(rows.length).toBeGreaterThan(0);
    expect(openApi?.faultsOfRows(path, rows)).toEqual([]);
  });

  test.each(Object.entries(EXPANDED))('%s with %s', async (path, expand) => {
    const rows = await rowsOf(path, `$top=500&$expand=${expand}`);
    expect(openApi?.faultsOfRows(path, rows)).toEqual([]);
    for (const name of expand.split(','))
      expect(rows.some((row) => (row as Record<string, unknown>)[name] !== undefined)).toBe(true);
  });
});
