// Reference data: what stands in every company before its first customer does.
import type { Ledger, SqlValue } from '../ledger/ledger.js';
import { addDays, addMonths, lastDayOfMonth } from '../ledger/time.js';
import type { DemoCompany } from './demo-companies.js';

const STAMP = '2019-04-01T08:30:00.000Z';
/** Periods that ended this many months before the anchor are closed. */
const MONTHS_UNTIL_CLOSED = 6;

type Row = readonly SqlValue[];

export function insertReferenceData(ledger: Ledger, company: DemoCompany, anchorDate: string): void {
  const insert = (table: string, columns: string, rows: readonly Row[]): void => {
    const marks = columns
      .split(',')
      .map(() => '?')
      .join(', ');
    for (const row of rows) {
      ledger.run(
        `insert into ${table} (company_id, date_time_created, date_time_updated, ${columns}) values (${company.id}, '${STAMP}', '${STAMP}', ${marks})`,
        ...row,
      );
    }
  };
  insert('currency_iso_codes', 'id, code, name', [
    [1, 'GBP', 'Pound Sterling'],
    [2, 'USD', 'US Dollar'],
    [3, 'EUR', 'Euro'],
  ]);
  insert('currencies', 'id, name, symbol, core_rate, is_base, is_euro, iso_code_id', company.currencies);
  insert('country_codes', 'id, code, name, eu_member', [
    [1, 'GB', 'Great Britain', 0],
    [2, 'IE', 'Ireland', 1],
    [3, 'US', 'United States', 0],
    [4, 'DE', 'Germany', 1],
    [5, 'FR', 'France', 1],
  ]);
  insert('tax_codes', 'id, code, name, tax_rate, terms', company.taxCodes);
  insert('cost_centres', 'id, code, name', [
    [501, 'TEL', 'Telecoms'],
    [502, 'MOB', 'Mobile'],
    [503, 'ICT', 'IT services'],
  ]);
  insert('departments', 'id, code, name', [
    [601, 'NTH', 'North'],
    [602, 'STH', 'South'],
  ]);
  insert('report_categories', 'id, code, description, report_type, category_type', [
    [701, 'SALE', 'Sales', 'ProfitAndLoss', 'Income'],
    [702, 'BANK', 'Bank', 'BalanceSheet', 'Asset'],
    [703, 'DEBT', 'Debtors', 'BalanceSheet', 'Asset'],
    [704, 'OVER', 'Overheads', 'ProfitAndLoss', 'Expense'],
    [705, 'VAT', 'VAT', 'BalanceSheet', 'Liability'],
  ]);
  insert('analysis_codes', 'id, code, description, active', [[801, 'PROJECT', 'Project', 1]]);
  insert('users', 'id, name', [
    [1, 'Sandbox User'],
    [2, 'Finance Team'],
  ]);
  insertNominalCodes(insert);
  insert(
    'banks',
    'id, code, description, sort_code, account_no, bank_name, account_type, status, currency_id, opening, account_name, iban, bic, nominal_reference',
    company.banks,
  );
  insertPeriods(ledger, company, anchorDate);
}

const SALES_ACCOUNTS: readonly Row[] = [
  ['4000', 'Line rental'],
  ['4010', 'Calls'],
  ['4020', 'Broadband'],
  ['4030', 'Mobiles'],
  ['4040', 'Hardware'],
  ['4050', 'Support contracts'],
];
const OTHER_ACCOUNTS: readonly Row[] = [
  ['1100', 'Debtors control', 703],
  ['1200', 'Bank current account', 702],
  ['1210', 'Bank deposit account', 702],
  ['1220', 'Bank euro account', 702],
  ['1230', 'Bank dollar account', 702],
  ['2200', 'VAT output', 705],
  ['4900', 'Miscellaneous income', 701],
  ['7900', 'Bank charges', 704],
  ['7905', 'Exchange differences', 704],
  ['8100', 'Bad debt write-off', 704],
];

function insertNominalCodes(insert: (table: string, columns: string, rows: readonly Row[]) => void): void {
  const rows: Row[] = [];
  let id = 31001;
  const add = (
    reference: string,
    name: string,
    costCentre: string,
    department: string,
    category: number,
    status = 0,
  ): void => {
    const costCentreId = { TEL: 501, MOB: 502, ICT: 503 }[costCentre] ?? null;
    const departmentId = { NTH: 601, STH: 602 }[department] ?? null;
    rows.push([id++, name, reference, costCentreId, costCentre, departmentId, department, 0, status, category, 1, 0]);
  };
  for (const [reference, name] of SALES_ACCOUNTS) {
    add(String(reference), String(name), '', '', 701);
    add(String(reference), `${String(name)} - North`, 'TEL', 'NTH', 701);
    add(String(reference), `${String(name)} - South`, 'TEL', 'STH', 701);
  }
  for (const [reference, name, category] of OTHER_ACCOUNTS)
    add(String(reference), String(name), '', '', Number(category));
  add('4099', 'Old sales (do not use)', '', '', 701, 1);
  insert(
    'nominal_codes',
    'id, name, reference, cost_centre_id, cost_centre, department_id, department, account_type, status, report_category_id, allow_manual, balance',
    rows,
  );
}

function insertPeriods(ledger: Ledger, company: DemoCompany, anchorDate: string): void {
  const year = Number(anchorDate.slice(0, 4));
  const month = String(company.yearStartMonth).padStart(2, '0');
  const currentStart = anchorDate >= `${year}-${month}-01` ? `${year}-${month}-01` : `${year - 1}-${month}-01`;
  const closedBefore = addMonths(anchorDate, -MONTHS_UNTIL_CLOSED);
  for (let relative = -2; relative <= 1; relative += 1) {
    const start = addMonths(currentStart, relative * 12);
    const end = addDays(addMonths(start, 12), -1);
    for (let index = 0; index < 12; index += 1) {
      const periodStart = addMonths(start, index);
      const periodEnd = lastDayOfMonth(periodStart);
      ledger.run(
        `insert into accounting_periods (company_id, id, year_id, year_relative, year_start, year_end, number, start_date, end_date, is_closed, date_time_created, date_time_updated)
         values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, '${STAMP}', '${STAMP}')`,
        company.id,
        901 + (relative + 2) * 12 + index,
        91 + relative + 2,
        relative,
        start,
        end,
        index + 1,
        periodStart,
        periodEnd,
        periodEnd < closedBefore ? 1 : 0,
      );
    }
  }
}
