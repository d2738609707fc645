// Small answers that are no tables: the site list, the company, the user, the licence, settings.
import type { Ledger } from '../ledger/ledger.js';
import { notFound } from '../ledger/refusal.js';
import type { Scope } from './read-page.js';

export function sitesText(ledger: Ledger): string {
  const rows = ledger.rows<Record<string, string | number>>(
    'select company_id, name as company_name, site_id, site_name, site_short_name, tenant_id from companies order by company_id',
  );
  return JSON.stringify(rows);
}

type Document = (ledger: Ledger, scope: Scope) => string;

const companyColumn =
  (column: 'details' | 'settings' | 'system_settings'): Document =>
  (ledger, { companyId }) => {
    const [text] = ledger.column<string>(`select ${column} from companies where company_id = ?`, [companyId]);
    if (text === undefined) throw notFound();
    return text;
  };

const LICENCE = JSON.stringify({
  is_sales_enabled: true,
  is_purchase_enabled: true,
  is_nominal_enabled: true,
  is_fixed_assets_enabled: false,
  is_cash_book_enabled: true,
  is_stock_enabled: false,
  is_price_book_enabled: false,
  is_invoicing_enabled: false,
  is_sales_orders_enabled: false,
  is_purchase_orders_enabled: false,
  is_bill_of_materials_enabled: false,
  is_additional_excel_reports_enabled: false,
  is_project_accounting_enabled: false,
  is_manufacturing_enabled: false,
  is_business_intelligence_enabled: false,
  is_scripting_enabled: false,
});

const CURRENT_USER = JSON.stringify({
  id: 1,
  logon_name: 'sandbox.user',
  friendly_name: 'Sandbox User',
  email_address: 'sandbox.user@northgate.example',
  is_web_user: true,
  last_logon_date_time: '2026-01-05T08:00:00Z',
});

/** Answered as an object. */
export const SINGLE_DOCUMENTS: Readonly<Record<string, Document>> = {
  licence: () => LICENCE,
  current_user: () => CURRENT_USER,
};

/** Answered as a list of one, and by id 1. */
export const LISTED_DOCUMENTS: Readonly<Record<string, Document>> = {
  company_details: companyColumn('details'),
  sales_ledger_settings: companyColumn('settings'),
  system_settings: (ledger, scope) => {
    const settings = JSON.parse(companyColumn('system_settings')(ledger, scope)) as object;
    const [urn] = ledger.column<number>("select next from counters where company_id = ? and name = 'urn'", [
      scope.companyId,
    ]);
    return JSON.stringify({ ...settings, next_urn: String(urn) });
  },
};
