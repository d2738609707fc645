import { bulkUpsert, chunks, placeholders } from '../database/bulk.js';
import type { Queryable, Transaction } from '../database/database.js';

export interface AccountKey {
  companyId: number;
  sageId: number;
}

/** A link between a Layer customer and a Sage account. */
export interface LinkRow extends AccountKey {
  customerLayerId: string;
  accountNumber: string | null;
  /** Sage has deleted the account: the link stands in nobody's way. */
  isAccountGone: boolean;
}

export interface NewLink extends AccountKey {
  customerLayerId: string;
}

const LINK_COLUMNS = ['instance_id', 'company_id', 'account_sage_id', 'customer_layer_id', 'linked_at', 'linked_by'];
const LINK_TABLE = {
  name: 'customer_link',
  key: ['instance_id', 'company_id', 'account_sage_id'],
  columns: LINK_COLUMNS,
  // a link is made or taken away, never changed
  insertOnly: LINK_COLUMNS,
};
/** As wide as the column. */
const MAX_SUBJECT_LENGTH = 255;

const SELECTED_COLUMNS = `l.company_id AS companyId, l.account_sage_id AS sageId, l.customer_layer_id AS customerLayerId,
  a.account_number AS accountNumber, CASE WHEN a.sage_id IS NULL OR a.deleted_at IS NOT NULL THEN 1 ELSE 0 END AS isAccountGone`;
const LINK_WITH_ACCOUNT = `customer_link l LEFT JOIN sage_account a
  ON a.instance_id = l.instance_id AND a.company_id = l.company_id AND a.sage_id = l.account_sage_id`;

/** By primary key. */
export async function readLinksOfAccounts(
  database: Queryable,
  instanceId: number,
  accounts: readonly AccountKey[],
): Promise<LinkRow[]> {
  const rows: LinkRow[] = [];
  for (const [companyId, sageIds] of byCompany(accounts)) {
    for (const chunk of chunks(sageIds)) {
      const found = await database.query<never>(
        `SELECT ${SELECTED_COLUMNS} FROM ${LINK_WITH_ACCOUNT}
          WHERE l.instance_id = ? AND l.company_id = ? AND l.account_sage_id IN (${placeholders(chunk.length)})`,
        [instanceId, companyId, ...chunk],
      );
      rows.push(...found.map(decodeLink));
    }
  }
  return rows;
}

/** Index: customer_link_of_customer. */
export async function readLinksOfCustomers(
  database: Queryable,
  instanceId: number,
  layerIds: readonly string[],
): Promise<LinkRow[]> {
  const rows: LinkRow[] = [];
  for (const chunk of chunks([...new Set(layerIds)])) {
    const found = await database.query<never>(
      `SELECT ${SELECTED_COLUMNS} FROM ${LINK_WITH_ACCOUNT}
        WHERE l.instance_id = ? AND l.customer_layer_id IN (${placeholders(chunk.length)})`,
      [instanceId, ...chunk],
    );
    rows.push(...found.map(decodeLink));
  }
  return rows;
}

/** Adds links, and leaves alone what somebody else has linked in the meantime: read them back to know. */
export async function addLinks(
  transaction: Transaction,
  instanceId: number,
  links: readonly NewLink[],
  by: { subject: string; at: Date },
): Promise<void> {
  const subject = Array.from(by.subject).slice(0, MAX_SUBJECT_LENGTH).join('');
  await bulkUpsert(
    transaction,
    LINK_TABLE,
    links.map(({ companyId, sageId, customerLayerId }) => [
      instanceId,
      companyId,
      sageId,
      customerLayerId,
      by.at.getTime(),
      subject,
    ]),
  );
}

/** Takes links away. By primary key. */
export async function removeLinks(
  transaction: Transaction,
  instanceId: number,
  accounts: readonly AccountKey[],
): Promise<void> {
  for (const [companyId, sageIds] of byCompany(accounts)) {
    for (const chunk of chunks(sageIds)) {
      await transaction.query(
        `DELETE FROM customer_link WHERE instance_id = ? AND company_id = ? AND account_sage_id IN (${placeholders(chunk.length)})`,
        [instanceId, companyId, ...chunk],
      );
    }
  }
}

function byCompany(accounts: readonly AccountKey[]): Map<number, number[]> {
  const grouped = new Map<number, number[]>();
  for (const { companyId, sageId } of accounts) {
    const ids = grouped.get(companyId);
    if (ids) ids.push(sageId);
    else grouped.set(companyId, [sageId]);
  }
  return grouped;
}

function decodeLink(row: Omit<LinkRow, 'isAccountGone'> & { isAccountGone: number | string }): LinkRow {
  return {
    ...row,
    companyId: Number(row.companyId),
    sageId: Number(row.sageId),
    isAccountGone: Number(row.isAccountGone) === 1,
  };
}
