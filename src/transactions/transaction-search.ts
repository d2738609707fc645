import { prefixEnd } from '../common/search-words.js';
import { placeholders } from '../database/bulk.js';
import type { Queryable } from '../database/database.js';
import { type FoundRows, searchBeginnings, type SqlPart } from '../database/search-beginnings.js';
import { foldReference } from './store-transactions.js';

export interface SearchScope {
  instanceId: number;
  companyId: number | null;
  /** Left out: all. */
  kinds?: readonly string[] | null;
  /** The list is short whatever is searched for, as that of one account: no index is needed. */
  isNarrow: boolean;
}

/** All that the ledger has: the references are indexed kind by kind, as of some there are few and of others many. */
const KINDS = ['INVOICE', 'CREDIT_NOTE', 'RECEIPT', 'REFUND', 'OPENING_INVOICE', 'OPENING_CREDIT_NOTE'];
/**
 * Every word must be the beginning of the reference, the second reference or the URN; or the whole of what was typed the
 * beginning of a reference that has blanks in it. `condition` is of `sage_transaction t`, the keys are (company_id, urn). Throws BAD_USER_INPUT above ten words.
 */
export async function transactionSearch(database: Queryable, scope: SearchScope, search: string): Promise<FoundRows> {
  const companyIds = scope.isNarrow ? [] : await companiesOf(database, scope);
  const within = { ...scope, companyIds };
  return searchBeginnings(database, search, {
    fold: (typed) => foldReference(typed).trimEnd(),
    begins: beginsInline,
    byIndex: companyIds.length === 0 ? null : (beginning, limit) => foundByIndex(within, beginning, limit),
  });
}

type IndexScope = Pick<SearchScope, 'instanceId' | 'kinds'> & { companyIds: readonly number[] };

/** Indexes sage_transaction_by_reference, sage_transaction_by_second_reference and the primary key. */
function foundByIndex({ instanceId, companyIds, kinds }: IndexScope, beginning: string, limit: string): SqlPart {
  const wanted = kinds ?? KINDS;
  const within = `instance_id = ? AND company_id IN (${placeholders(companyIds.length)}) AND kind IN (${placeholders(wanted.length)})`;
  const part = (column: string) =>
    `SELECT * FROM (SELECT company_id, urn FROM sage_transaction WHERE ${within} AND ${column} >= ? AND ${column} < ?${limit}) by_${column}`;
  const columns = ['reference_folded', 'second_reference_folded', 'urn'];
  return {
    sql: columns.map(part).join(' UNION '),
    values: columns.flatMap(() => [instanceId, ...companyIds, ...wanted, beginning, prefixEnd(beginning)]),
  };
}

function beginsInline(beginning: string): SqlPart {
  const columns = ['t.reference_folded', 't.second_reference_folded', 't.urn'];
  return {
    sql: `(${columns.map((column) => `${column} >= ? AND ${column} < ?`).join(' OR ')})`,
    values: columns.flatMap(() => [beginning, prefixEnd(beginning)]),
  };
}

/** The company that a list is of, or all of the instance's. */
export async function companiesOf(
  database: Queryable,
  { instanceId, companyId }: Pick<SearchScope, 'instanceId' | 'companyId'>,
): Promise<number[]> {
  if (companyId !== null) return [companyId];
  const rows = await database.query<{ id: number }>('SELECT id FROM sage_company WHERE instance_id = ?', [instanceId]);
  return rows.map(({ id }) => id);
}
