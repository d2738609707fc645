import type { UserError } from '../common/user-error.type.js';
import type { Queryable } from '../database/database.js';
import type { DocumentDraft } from './document-draft.js';
import { type DocumentRow, readSharesOfInvoices, sumOfRefunds } from './document-rows.js';
import type { DraftAmounts } from './draft-amounts.js';

/** Whether a document may get this content in place of what it has, given what others have of it by now. */
export async function inUseFaults(
  database: Queryable,
  instanceId: number,
  existing: DocumentRow,
  next: { draft: DocumentDraft; amounts: DraftAmounts; currency: string },
): Promise<UserError[]> {
  const { draft, amounts, currency } = next;
  const use = await useOf(database, instanceId, existing, amounts);
  if (use.takenMinor === 0n) return [];
  const faults: UserError[] = [];
  const add = (message: string, field: string[]) =>
    faults.push({ code: 'DOCUMENT_IN_USE', message, remedy: `Change ${use.by} first.`, field });
  if (existing.customerLayerId !== draft.customerLayerId || existing.currency !== currency)
    add(`It keeps its customer and currency: ${use.by} has a part of it.`, ['customerLayerId']);
  if (use.takenMinor > amounts.grossMinor - use.keptMinor)
    add(`It would be worth less than ${use.by} has of it.`, draft.amount === null ? ['lines'] : ['amount']);
  const lost = use.lineIds.find((lineId) => draft.lines.every(({ layerId }) => layerId !== lineId));
  if (lost !== undefined) add(`Its line ${lost} stays: ${use.by} has a part of it.`, ['lines']);
  return faults;
}

interface Use {
  takenMinor: bigint;
  /** What the document itself gives to invoices. */
  keptMinor: bigint;
  /** Who takes, in words. */
  by: string;
  lineIds: string[];
}

async function useOf(
  database: Queryable,
  instanceId: number,
  { kind, layerId }: DocumentRow,
  amounts: DraftAmounts,
): Promise<Use> {
  switch (kind) {
    case 'INVOICE': {
      const shares = (await readSharesOfInvoices(database, instanceId, [layerId])).get(layerId) ?? [];
      return {
        takenMinor: shares.reduce((sum, { amountMinor }) => sum + amountMinor, 0n),
        keptMinor: 0n,
        by: shares[0]?.kind === 'CREDIT_NOTE' ? 'a credit note' : 'a payment',
        lineIds: shares.flatMap(({ lineLayerId }) => (lineLayerId === null ? [] : [lineLayerId])),
      };
    }
    case 'PAYMENT':
    case 'CREDIT_NOTE':
      return {
        takenMinor: await sumOfRefunds(database, instanceId, kind, layerId, null),
        keptMinor: amounts.shares.reduce((sum, share) => sum + share, 0n),
        by: 'a refund',
        lineIds: [],
      };
    case 'REFUND':
      return { takenMinor: 0n, keptMinor: 0n, by: '', lineIds: [] };
    default:
      return kind satisfies never;
  }
}
