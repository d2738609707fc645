import { placeholders } from '../database/bulk.js';
import type { Queryable } from '../database/database.js';

/** A Sage account as the resolvers see it. */
export interface AccountRow {
  companyId: number;
  sageId: number;
  accountNumber: string;
  name: string;
  currency: string;
  balanceMinor: bigint;
  /** 0: no limit. */
  creditLimitMinor: bigint;
  isOverCreditLimit: boolean;
  onHold: boolean;
  statusReason: string | null;
  isActive: boolean;
  seenAt: number;
  /** The Layer customer that it is linked to. */
  customerLayerId: string | null;
}

/** Columns of an account joined with its link; `a` and `l` are the tables' aliases. */
export const ACCOUNT_COLUMNS = `a.company_id AS companyId, a.sage_id AS sageId, a.account_number AS accountNumber, a.name AS name,
  a.currency AS currency, a.balance_minor AS balanceMinor, a.credit_limit_minor AS creditLimitMinor,
  a.is_over_credit_limit AS isOverCreditLimit, a.on_hold AS onHold, a.status_reason AS statusReason, a.is_active AS isActive,
  a.seen_at AS seenAt, l.customer_layer_id AS customerLayerId`;

export const ACCOUNT_WITH_LINK = `sage_account a LEFT JOIN customer_link l
  ON l.instance_id = a.instance_id AND l.company_id = a.company_id AND l.account_sage_id = a.sage_id`;

type RawAccountRow = { [K in keyof AccountRow]: AccountRow[K] extends string | null ? AccountRow[K] : number | string };

export function decodeAccount(row: RawAccountRow): AccountRow {
  return {
    ...row,
    companyId: Number(row.companyId),
    sageId: Number(row.sageId),
    balanceMinor: BigInt(row.balanceMinor),
    creditLimitMinor: BigInt(row.creditLimitMinor),
    isOverCreditLimit: Number(row.isOverCreditLimit) === 1,
    onHold: Number(row.onHold) === 1,
    isActive: Number(row.isActive) === 1,
    seenAt: Number(row.seenAt),
  } as AccountRow;
}

/** Accounts by (company, Sage id); those that Sage has deleted are left out unless they are wanted. */
export async function readAccountsByKey(
  database: Queryable,
  instanceId: number,
  keys: readonly { companyId: number; sageId: number }[],
  withDeleted = false,
): Promise<AccountRow[]> {
  const rows: AccountRow[] = [];
  for (const companyId of new Set(keys.map((key) => key.companyId))) {
    const ids = keys.filter((key) => key.companyId === companyId).map(({ sageId }) => sageId);
    const found = await database.query<RawAccountRow>(
      `SELECT ${ACCOUNT_COLUMNS} FROM ${ACCOUNT_WITH_LINK}
        WHERE a.instance_id = ? AND a.company_id = ? AND a.sage_id IN (${placeholders(ids.length)})${withDeleted ? '' : ' AND a.deleted_at IS NULL'}`,
      [instanceId, companyId, ...ids],
    );
    rows.push(...found.map(decodeAccount));
  }
  return rows;
}

/** The accounts of these customers, whichever company. */
export async function readAccountsOfCustomers(
  database: Queryable,
  instanceId: number,
  layerIds: readonly string[],
): Promise<AccountRow[]> {
  const rows = await database.query<RawAccountRow>(
    `SELECT ${ACCOUNT_COLUMNS} FROM customer_link l JOIN sage_account a
        ON a.instance_id = l.instance_id AND a.company_id = l.company_id AND a.sage_id = l.account_sage_id
      WHERE l.instance_id = ? AND l.customer_layer_id IN (${placeholders(layerIds.length)}) AND a.deleted_at IS NULL`,
    [instanceId, ...layerIds],
  );
  return rows.map(decodeAccount);
}
