import type { UserError } from '../common/user-error.type.js';
import { readCustomers } from '../customers/customer-rows.js';
import { chunks, placeholders } from '../database/bulk.js';
import type { Queryable } from '../database/database.js';
import { inUseFaults } from './check-in-use.js';
import { returnFaults, shareFaults } from './check-shares.js';
import { documentCurrency } from './document-currency.js';
import type { DocumentDraft } from './document-draft.js';
import { readiness, type Readiness } from './document-readiness.js';
import type { DocumentRow } from './document-rows.js';
import { type DraftAmounts, draftAmounts } from './draft-amounts.js';
import { draftFaults } from './draft-faults.js';

export interface CheckedDocument {
  faults: UserError[];
  currency: string;
  amounts: DraftAmounts;
  readiness: Readiness;
}

export interface CheckOptions {
  /** YYYY-MM-DD. */
  today: string;
  /** See CheckedBy. */
  lock: string;
  /** What stands under the same id, and is to be replaced. */
  existing: DocumentRow | null;
}

/** Checks a document against all that the gateway knows, and answers every fault at once; the faults alone of one that is too long to be looked through. */
export async function checkDocument(
  database: Queryable,
  instanceId: number,
  draft: DocumentDraft,
  { today, lock, existing }: CheckOptions,
): Promise<CheckedDocument | UserError[]> {
  const faults = draftFaults(draft, today);
  if (faults.some(({ code }) => code === 'TOO_MANY')) return faults;
  faults.push(...(await customerFaults(database, instanceId, draft.customerLayerId)));
  const ready = await readiness(database, instanceId, draft);
  const { currency, fault } = await documentCurrency(database, instanceId, draft, ready);
  if (fault) faults.push(fault);
  const read = draftAmounts(draft, currency, await ratesOf(database, instanceId, draft));
  const { amounts } = read;
  faults.push(...read.faults);
  const by = { instanceId, draft, amounts, currency, lock };
  faults.push(...(await shareFaults(database, by)), ...(await returnFaults(database, by)));
  if (existing) faults.push(...(await inUseFaults(database, instanceId, existing, by)));
  return { faults, currency, amounts, readiness: ready };
}

export async function customerFaults(
  database: Queryable,
  instanceId: number,
  customerLayerId: string,
): Promise<UserError[]> {
  const known = await readCustomers(database, instanceId, [customerLayerId]);
  return known.has(customerLayerId) ? [] : [customerUnknown(customerLayerId)];
}

export function customerUnknown(customerLayerId: string): UserError {
  return {
    code: 'CUSTOMER_UNKNOWN',
    message: `The gateway has never been told of customer ${customerLayerId}.`,
    remedy: 'Send the customer first (pushCustomer), or link it to its account (linkCustomer).',
    field: ['customerLayerId'],
  };
}

/** The percentages of the VAT codes on the lines, of those that are known. By primary key. */
export async function ratesOf(
  database: Queryable,
  instanceId: number,
  { lines }: Pick<DocumentDraft, 'lines'>,
): Promise<Map<string, string>> {
  const rates = new Map<string, string>();
  for (const chunk of chunks([...new Set(lines.map(({ vatCode }) => vatCode))])) {
    const rows = await database.query<{ layerId: string; rate: string | null }>(
      `SELECT layer_id AS layerId, rate_percent AS rate FROM mapping_subject
        WHERE instance_id = ? AND kind = 'VAT_CODE' AND layer_id IN (${placeholders(chunk.length)})`,
      [instanceId, ...chunk],
    );
    for (const { layerId, rate } of rows) if (rate !== null) rates.set(layerId, rate);
  }
  return rates;
}
