// What every write needs: the ledger, the company, the clock, and how strict the sandbox is asked to be.
import { Refusal } from '../ledger/refusal.js';
import type { Ledger, SqlValue } from '../ledger/ledger.js';
import { toDate, toInstant } from '../ledger/time.js';

export interface PostingRules {
  /** Sage's own behaviour is not known (sage200.md §8.5). */
  readonly onHoldPostings: 'accept' | 'refuse';
  /** Whether a posting moves `customers.date_time_updated`; not known either (§8.3). */
  readonly isCustomerTouchedByPosting: boolean;
}

export interface PostingContext {
  readonly ledger: Ledger;
  readonly companyId: number;
  readonly nowMs: number;
  readonly rules: PostingRules;
  readonly userName: string;
  /** A fault: every date counts as closed. */
  readonly isPeriodClosed: boolean;
}

export const today = ({ nowMs }: PostingContext): string => toDate(nowMs);
export const stampOf = ({ nowMs }: PostingContext): string => toInstant(nowMs);

/** The next number of a counter of the company: `urn`, `transactions`, `customers`, `other`. */
export function nextNumber({ ledger, companyId }: PostingContext, counter: string): number {
  const [next] = ledger.column<number>('select next from counters where company_id = ? and name = ?', [
    companyId,
    counter,
  ]);
  if (next === undefined) throw new Error(`No counter '${counter}'`);
  ledger.run('update counters set next = next + 1 where company_id = ? and name = ?', companyId, counter);
  return next;
}

export type DateClass = 'Normal' | 'Acceptable' | 'Unacceptable';

export function classifyDate(context: PostingContext, date: string): { classification: DateClass; message: string } {
  const { ledger, companyId } = context;
  const period = ledger.row<{ is_closed: number; start_date: string }>(
    'select is_closed, start_date from accounting_periods where company_id = ? and ? between start_date and end_date',
    companyId,
    date,
  );
  if (!period)
    return { classification: 'Unacceptable', message: 'The transaction date does not fall in an accounting period.' };
  if (period.is_closed || context.isPeriodClosed) {
    return { classification: 'Unacceptable', message: 'The transaction date is in a closed accounting period.' };
  }
  if (period.start_date > today(context)) {
    return { classification: 'Acceptable', message: 'The transaction date is in a future accounting period.' };
  }
  return { classification: 'Normal', message: '' };
}

export function checkDate(context: PostingContext, date: string): void {
  const { classification, message } = classifyDate(context, date);
  if (classification === 'Unacceptable') throw new Refusal(`SagePeriodClosedException: ${message}`);
}

export interface CustomerRow {
  readonly id: number;
  readonly reference: string;
  readonly currency_id: number;
  readonly rate: number;
  readonly on_hold: number;
  readonly account_status_type: number;
  readonly account_type: number;
  readonly early_settlement_discount_percent: number | null;
  readonly early_settlement_discount_days: number | null;
  readonly payment_terms_days: number | null;
  readonly payment_terms_basis: number | null;
  readonly default_tax_code_id: number | null;
  readonly default_nominal_code_reference: string | null;
  readonly default_nominal_code_cost_centre: string | null;
  readonly default_nominal_code_department: string | null;
}

export function customerOf({ ledger, companyId }: PostingContext, id: number): CustomerRow {
  const row = ledger.row<CustomerRow>(
    `select u.*, c.core_rate as rate from customers u join currencies c on c.company_id = u.company_id and c.id = u.currency_id
     where u.company_id = ? and u.id = ?`,
    companyId,
    id,
  );
  if (!row) throw new Refusal(`The customer with id ${id} was not found.`);
  return row;
}

/** A rate of zero or less would make no base value at all. */
export function checkRates(values: Readonly<Record<string, SqlValue>>, names: readonly string[]): void {
  for (const name of names) {
    const value = values[name];
    if (typeof value === 'number' && value <= 0) throw new Refusal(`The value of '${name}' must be greater than zero.`);
  }
}

/** For money that moves on the account; `isNewDebt` for invoices, which an account on hold may refuse. */
export function checkAccount({ rules }: PostingContext, customer: CustomerRow, isNewDebt: boolean): void {
  if (customer.account_status_type === 1) throw new Refusal(`The account ${customer.reference} is hidden.`);
  if (isNewDebt && customer.on_hold && rules.onHoldPostings === 'refuse') {
    throw new Refusal(`SageAccountOnHoldException: The account ${customer.reference} is on hold.`);
  }
}
