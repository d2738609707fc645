import type { Ledger } from '../ledger/ledger.js';
import type { DemoCompany, SITE } from './demo-companies.js';

const stamp = { date_time_created: '2019-04-01T08:30:00Z', date_time_updated: '2019-04-01T08:30:00Z' };

/** A company with its details and settings, kept as the JSON that the API shows. */
export function companyRow(ledger: Ledger, company: DemoCompany, site: typeof SITE): void {
  const details = {
    id: 1,
    name: company.name,
    telephone: '0113 496 0000',
    fax: '',
    email: 'accounts@northgate.example',
    website: 'www.northgate.example',
    tax_registration_number: company.vatNumber,
    years_accounts_held_for: 5,
    country_code_id: company.countryCodeId,
    is_supplier_payments_enabled: false,
    ...stamp,
  };
  const period = (id: number, days: number): object => ({ id, days_period_starts_after: days, ...stamp });
  const settings = {
    id: 1,
    auto_generate_account_numbers: false,
    allow_additional_trans_analysis: false,
    use_transaction_date_for_allocation: false,
    early_settlement_discount_days: 0,
    early_settlement_discount_percent: 0,
    keep_transactions_for: 15,
    archive_transaction_after_keeping: true,
    maximum_enquiry_transactions_to_display: 500,
    show_outstanding_transactions: true,
    default_tax_code_id: company.standardTaxId,
    default_terms_agreed: true,
    no_of_reporting_periods: 12,
    default_payment_terms_basis: 'PaymentDueFromDocumentDate',
    default_payment_terms_days: 30,
    use_account_periods_as_trading_periods: true,
    ageing_periods: [30, 60, 90, 120].map((days, index) => period(index + 1, days)),
    overdue_periods: [7, 14, 28].map((days, index) => period(index + 1, days)),
    revalue_foreign_entries: false,
    statement_terms: 'StatementTermsAllTransactions',
    statement_ageing_terms: 'StatementAgeingTermsTypeEnumInstrumentDate',
    ...stamp,
  };
  const system = {
    id: 1,
    number_open_periods: 12,
    update_nominal_online: true,
    use_additional_trans_analysis: false,
    use_period_exchange_rates: false,
    use_segmented_address: true,
    ...stamp,
  };
  ledger.run(
    'insert into companies values (?, ?, ?, ?, ?, ?, ?, ?, ?)',
    company.id,
    company.name,
    site.id,
    site.name,
    site.shortName,
    site.tenantId,
    JSON.stringify(details),
    JSON.stringify(settings),
    JSON.stringify(system),
  );
}
