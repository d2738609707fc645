import { currencyDigits } from '../common/currency.js';
import { minorFromDecimal } from '../common/money.js';
import { bulkUpsert, chunks, placeholders } from '../database/bulk.js';
import type { Transaction } from '../database/database.js';
import type { SageTransaction } from '../sage/transactions.js';
import type { PullTarget } from '../sync/pull.js';
import { signedAllocations } from './allocation-signs.js';

const KEY = ['instance_id', 'company_id', 'urn', 'line_no'] as const;
export const ALLOCATION_TABLE = {
  name: 'sage_allocation',
  key: KEY,
  columns: [...KEY, 'other_urn', 'other_reference', 'amount_minor', 'allocated_on'],
};

/** Replaces the allocations of these transactions by what Sage says. `cached` holds those that the cache had before. */
export async function storeAllocations(
  transaction: Transaction,
  target: PullTarget,
  rows: readonly SageTransaction[],
  currencies: ReadonlyMap<number, string>,
  cached: ReadonlyMap<string, string>,
): Promise<void> {
  const known = rows.filter(({ urn }) => cached.has(urn));
  for (const chunk of chunks(known)) {
    await transaction.query(
      `DELETE FROM sage_allocation WHERE instance_id = ? AND company_id = ? AND urn IN (${placeholders(chunk.length)})`,
      [target.instanceId, target.companyId, ...chunk.map(({ urn }) => urn)],
    );
  }
  await bulkUpsert(
    transaction,
    ALLOCATION_TABLE,
    rows.flatMap((row) => allocationValues(target, row, currencyDigits(currencies.get(row.customerId) ?? '') ?? 2)),
  );
}

function allocationValues(target: PullTarget, row: SageTransaction, digits: number): unknown[][] {
  const items = row.allocations.filter(({ urn }) => urn !== row.urn);
  const amounts = signedAllocations(
    items.map(({ amount }) => minorFromDecimal(amount, digits) ?? 0n),
    minorFromDecimal(row.allocated, digits) ?? 0n,
  );
  return items.map((item, index) => [
    target.instanceId,
    target.companyId,
    row.urn,
    index + 1,
    item.urn,
    item.reference,
    amounts[index],
    item.allocatedOn,
  ]);
}
