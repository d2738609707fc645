// Fills an empty ledger: a pure function of seed, anchor date and sizes.
import { archiveSettled, recomputeBalances, settleFromAllocations } from '../ledger/settle.js';
import type { Ledger } from '../ledger/ledger.js';
import { insertAccounts } from './demo-accounts.js';
import { DEMO_COMPANIES, SITE, type DemoCompany } from './demo-companies.js';
import { DocumentMaker } from './demo-documents.js';
import { Random } from './random.js';
import { insertReferenceData } from './reference-data.js';
import { FIRST_TRANSACTION_ID, FIRST_URN, TransactionWriter } from './transaction-writer.js';
import { companyRow } from './company-row.js';
import { insertEnumerations } from './enumerations.js';

export interface DemoSize {
  readonly seed: string;
  /** The demo's "today", YYYY-MM-DD. */
  readonly anchorDate: string;
  readonly customers: number;
  readonly transactions: number;
}

export function fillDemoLedger(ledger: Ledger, size: DemoSize): void {
  ledger.transaction(() => {
    insertEnumerations(ledger);
    const shares = DEMO_COMPANIES.map(({ sharePercent }) => sharePercent);
    const customers = split(size.customers, shares);
    const transactions = split(size.transactions, shares);
    for (const [index, company] of DEMO_COMPANIES.entries()) {
      fillCompany(ledger, company, size, customers[index] ?? 0, transactions[index] ?? 0);
    }
    settleFromAllocations(ledger);
    recomputeBalances(ledger);
    for (const company of DEMO_COMPANIES) archiveSettled(ledger, { companyId: company.id, today: size.anchorDate });
    makeOverLimitAccounts(ledger);
    ledger.run(
      'update customers set average_time_to_pay = payment_terms_days where average_time_to_pay is null and company_id > 0',
    );
  });
}

function fillCompany(
  ledger: Ledger,
  company: DemoCompany,
  size: DemoSize,
  customers: number,
  transactions: number,
): void {
  companyRow(ledger, company, SITE);
  insertReferenceData(ledger, company, size.anchorDate);
  const random = new Random(`${size.seed}/${company.id}`);
  const accounts = insertAccounts(ledger, company, random, customers, size.anchorDate);
  const writer = new TransactionWriter(ledger, company.id);
  new DocumentMaker(company, random, writer, accounts, size.anchorDate, transactions).make();
  writer.flush();
  const counters: Readonly<Record<string, number>> = {
    customers: 27_001 + customers,
    transactions: FIRST_TRANSACTION_ID + writer.count,
    urn: FIRST_URN + writer.count,
    // Far above every id that the demo used for what hangs below a customer.
    other: 1_000_000_001,
  };
  for (const [name, next] of Object.entries(counters)) {
    ledger.run('insert into counters values (?, ?, ?)', company.id, name, next);
  }
}

function makeOverLimitAccounts(ledger: Ledger): void {
  ledger.run(
    'update customers set credit_limit = balance * 8 / 1000 * 100 where balance > 20000 and id % 19 = 4 and credit_limit <> 0',
  );
}

/** Whole parts by percentages; the first takes what rounding leaves. */
function split(total: number, shares: readonly number[]): number[] {
  const parts = shares.map((share) => Math.floor((total * share) / 100));
  parts[0] = (parts[0] ?? 0) + total - parts.reduce((sum, part) => sum + part, 0);
  return parts;
}
