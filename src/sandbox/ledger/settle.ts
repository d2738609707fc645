// Whole-ledger statements: what follows from the allocations, computed by the set.
import type { Ledger } from './ledger.js';
import { addMonths } from './time.js';

/** Allocated values, settlement dates and time stamps from the allocation rows. */
export function settleFromAllocations(ledger: Ledger): void {
  ledger.exec(`
    update transactions set
      allocated = s.value,
      base_allocated = case when s.value = gross then base_gross
        else cast(round(base_gross * 1.0 * s.value / gross) as integer) end,
      full_settlement_date = case when s.value = gross then s.last_date end,
      date_time_updated = max(date_time_updated, s.last_stamp)
    from (select company_id, transaction_id, sum(value) value, max(allocation_date) last_date, max(date_time_created) last_stamp
          from allocations group by company_id, transaction_id) s
    where transactions.company_id = s.company_id and transactions.id = s.transaction_id`);
}

export function recomputeBalances(ledger: Ledger): void {
  ledger.exec(`
    update customers set balance = s.balance
    from (select company_id, customer_id, sum(gross - allocated) balance from transactions group by company_id, customer_id) s
    where customers.company_id = s.company_id and customers.id = s.customer_id`);
}

export interface Maintenance {
  readonly companyId: number;
  readonly today: string;
  /** For every account alike; left out, each account's own `months_to_keep_transactions` counts. */
  readonly olderThanMonths?: number;
  readonly customerId?: number;
}

/**
 * What Account Maintenance takes from the current ledger: settled, unqueried rows that are older than their account keeps them
 * (sage200.md §4.4). One condition with its parameters for every number of months that accounts keep.
 */
function settledAndOld(ledger: Ledger, run: Maintenance): { sql: string; params: (string | number)[] }[] {
  const settled = `company_id = ? and is_archived = 0 and gross = allocated and queried = ''
    and transaction_date < ? and full_settlement_date < ?`;
  const own = run.customerId === undefined ? '' : ' and customer_id = ?';
  const before = (months: number): (string | number)[] => {
    const date = addMonths(run.today, -months);
    return [run.companyId, date, date, ...(run.customerId === undefined ? [] : [run.customerId])];
  };
  if (run.olderThanMonths !== undefined) return [{ sql: settled + own, params: before(run.olderThanMonths) }];
  const kept = 'coalesce(months_to_keep_transactions, 15)';
  const spans = ledger.column<number>(`select distinct ${kept} from customers where company_id = ?`, [run.companyId]);
  return spans.map((months) => ({
    sql: `${settled}${own} and customer_id in (select id from customers where company_id = ? and ${kept} = ?)`,
    params: [...before(months), run.companyId, months],
  }));
}

/** Settled old rows become historical. Answers how many. */
export function archiveSettled(ledger: Ledger, run: Maintenance): number {
  return settledAndOld(ledger, run).reduce(
    (sum, { sql, params }) => sum + ledger.run(`update transactions set is_archived = 1 where ${sql}`, ...params),
    0,
  );
}

/** Settled old rows go for good. What they were matched with stays settled: its own allocation rows are kept. */
export function deleteSettled(ledger: Ledger, run: Maintenance): number {
  const found = settledAndOld(ledger, run).flatMap(({ sql, params }) =>
    ledger.column<number>(`select id from transactions where ${sql}`, params),
  );
  for (const id of found) {
    ledger.run('delete from transactions where company_id = ? and id = ?', run.companyId, id);
    ledger.run('delete from allocations where company_id = ? and transaction_id = ?', run.companyId, id);
  }
  return found.length;
}
