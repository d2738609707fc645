// Whole-ledger statements: what follows from the allocations, computed by the set.
import type { Ledger } from './ledger.js';

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

/** Account Maintenance: settled rows from before a date leave the current ledger (sage200.md §4.4). Answers how many. */
export function archiveSettled(ledger: Ledger, companyId: number, beforeDate: string): number {
  return ledger.run(
    `update transactions set is_archived = 1
     where company_id = ? and is_archived = 0 and gross = allocated and queried = ''
       and transaction_date < ? and full_settlement_date < ?`,
    companyId,
    beforeDate,
    beforeDate,
  );
}
