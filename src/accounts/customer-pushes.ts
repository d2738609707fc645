import { parseCustomerDocument } from '../customers/customer-document.js';
import type { Queryable } from '../database/database.js';
import { decodePush, PUSH_COLUMNS, type PushRow, type RawPushRow } from '../pushes/push-rows.js';

/** A customer's pushes are counted over all companies; each goes to one. */
export interface CustomerPushes {
  /** The newest for this company, or for this sub-company while it is mapped to none. */
  newest: PushRow | null;
  /** The number of the newest of all; -1 without any. */
  generation: number;
}

/** Index: push_of_document, read from its end. */
export async function readCustomerPushes(
  database: Queryable,
  instanceId: number,
  layerId: string,
  target: { companyId: number | null; subCompanyLayerId: string | null },
): Promise<CustomerPushes> {
  const ofCompany =
    target.companyId === null ? null : await newestOfCompany(database, instanceId, layerId, target.companyId);
  const undecided = (await undecidedPushes(database, instanceId, layerId)).find(
    ({ payload }) => parseCustomerDocument(payload).subCompanyLayerId === target.subCompanyLayerId,
  );
  const newest = [ofCompany, undecided]
    .filter((push) => push != null)
    .reduce<PushRow | null>((best, push) => (best && best.generation > push.generation ? best : push), null);
  return { newest, generation: (await newestOfAll(database, instanceId, layerId))?.generation ?? -1 };
}

export async function newestOfCompany(
  database: Queryable,
  instanceId: number,
  layerId: string,
  companyId: number,
): Promise<PushRow | null> {
  return first(database, 'AND p.company_id = ?', [instanceId, layerId, companyId]);
}

export function newestOfAll(database: Queryable, instanceId: number, layerId: string): Promise<PushRow | null> {
  return first(database, '', [instanceId, layerId]);
}

async function first(database: Queryable, condition: string, parameters: unknown[]): Promise<PushRow | null> {
  const [row] = await database.query<RawPushRow>(
    `SELECT ${PUSH_COLUMNS} FROM push p WHERE p.instance_id = ? AND p.kind = 'CUSTOMER' AND p.layer_id = ? ${condition}
      ORDER BY p.generation DESC LIMIT 1`,
    parameters,
  );
  return row ? decodePush(row) : null;
}

/** Those whose company could not be told yet, the newest first: as many as there are sub-companies without a mapping. */
async function undecidedPushes(database: Queryable, instanceId: number, layerId: string): Promise<PushRow[]> {
  const rows = await database.query<RawPushRow>(
    `SELECT ${PUSH_COLUMNS} FROM push p WHERE p.instance_id = ? AND p.kind = 'CUSTOMER' AND p.layer_id = ?
        AND p.company_id IS NULL AND p.status <> 'SKIPPED' ORDER BY p.generation DESC`,
    [instanceId, layerId],
  );
  return rows.map(decodePush);
}
