import type { UserError } from '../common/user-error.type.js';
import type { Queryable } from '../database/database.js';
import type { DocumentDraft, DraftShare } from './document-draft.js';
import { type DocumentKind, FIELD_NAMES } from './document-kind.js';
import {
  type DocumentLineRow,
  type DocumentRow,
  type DocumentShareRow,
  readDocuments,
  readLines,
  readSharesOfInvoices,
  readSharesOfPayers,
  sumOfRefunds,
} from './document-rows.js';
import type { DraftAmounts } from './draft-amounts.js';
import { invoiceUnknown, leftWords, nameOf, useAtMost } from './share-words.js';

/** A document of which a part is to be taken, and what is left of it for that. */
interface Source {
  row: DocumentRow;
  leftMinor: bigint;
}

export interface CheckedBy {
  instanceId: number;
  draft: DocumentDraft;
  amounts: DraftAmounts;
  currency: string;
  /** " FOR UPDATE" locks what is taken from first, so that shares sent at the same time never exceed it. Empty: it is only looked at. */
  lock: string;
}

/** Whether a payment or credit note may have its shares of invoices: known, the same customer's and currency, and not used up. */
export async function shareFaults(database: Queryable, by: CheckedBy): Promise<UserError[]> {
  const { instanceId, draft, amounts, lock } = by;
  if (draft.shares.length === 0) return [];
  const ids = draft.shares.map(({ invoiceLayerId }) => invoiceLayerId);
  const invoices = await readDocuments(database, instanceId, 'INVOICE', ids, lock);
  const found = invoices.map(({ layerId }) => layerId);
  const taken = await readSharesOfInvoices(database, instanceId, found);
  const lines = await readLines(database, instanceId, 'INVOICE', found);
  const isOwn = ({ kind, documentLayerId }: DocumentShareRow) =>
    kind === draft.kind && documentLayerId === draft.layerId;
  const sources = new Map<string, Source>(
    invoices.map((row) => {
      const others = (taken.get(row.layerId) ?? []).filter((share) => !isOwn(share));
      return [
        row.layerId,
        { row, leftMinor: others.reduce((left, share) => left - share.amountMinor, row.grossMinor) },
      ];
    }),
  );
  return draft.shares.flatMap((share, index) => {
    const at = (name: string) => ['invoices', String(index), name];
    const source = sources.get(share.invoiceLayerId);
    return [
      ...sourceFaults('INVOICE', share.invoiceLayerId, source, by, at('invoiceLayerId')),
      ...lineFaults(share, source, lines.get(share.invoiceLayerId), at('lineLayerId')),
      ...takeFaults(source, amounts.shares[index] ?? 0n, at('amount')),
    ];
  });
}

/** Whether a refund may give back what it names. */
export async function returnFaults(database: Queryable, by: CheckedBy): Promise<UserError[]> {
  const { instanceId, draft, amounts, lock } = by;
  const faults: UserError[] = [];
  for (const [kind, field] of [
    ['CREDIT_NOTE', 'creditNoteLayerId'],
    ['PAYMENT', 'paymentLayerId'],
  ] as const) {
    const layerId = draft.returns[kind];
    if (layerId === null) continue;
    const [row] = await readDocuments(database, instanceId, kind, [layerId], lock);
    let source: Source | undefined;
    if (row) {
      const shares = (await readSharesOfPayers(database, instanceId, kind, [layerId])).get(layerId) ?? [];
      const refunded = await sumOfRefunds(database, instanceId, kind, layerId, draft.layerId);
      source = {
        row,
        leftMinor: shares.reduce((left, share) => left - share.amountMinor, row.grossMinor - refunded),
      };
    }
    faults.push(
      ...sourceFaults(kind, layerId, source, by, [field]),
      ...takeFaults(source, amounts.grossMinor, ['amount']),
    );
  }
  return faults;
}

function sourceFaults(
  kind: DocumentKind,
  layerId: string,
  source: Source | undefined,
  { draft, currency }: CheckedBy,
  field: string[],
): UserError[] {
  if (!source) {
    if (kind === 'INVOICE') return [{ ...invoiceUnknown(layerId), field }];
    const { words } = FIELD_NAMES[kind];
    const message = `There is no ${words} ${layerId}.`;
    return [{ code: `${kind}_UNKNOWN`, message, remedy: `Send the ${words} first.`, field }];
  }
  const faults: UserError[] = [];
  if (source.row.customerLayerId !== draft.customerLayerId)
    faults.push({
      code: 'OTHER_CUSTOMER',
      message: `The ${nameOf(source.row)} is another customer's.`,
      remedy: 'Name documents of the same customer.',
      field,
    });
  if (source.row.currency !== currency)
    faults.push({
      code: 'CURRENCY_MISMATCH',
      message: `The ${nameOf(source.row)} is in ${source.row.currency}, and this document in ${currency}.`,
      remedy: 'Name documents of the same currency.',
      field,
    });
  return faults;
}

function lineFaults(
  { lineLayerId }: DraftShare,
  source: Source | undefined,
  lines: DocumentLineRow[] | undefined,
  field: string[],
): UserError[] {
  if (lineLayerId === null || !source || !lines || lines.some(({ layerId }) => layerId === lineLayerId)) return [];
  return [
    {
      code: 'LINE_UNKNOWN',
      message: `The ${nameOf(source.row)} has no line ${lineLayerId}.`,
      remedy: 'Name a line of the invoice, or leave it out.',
      field,
    },
  ];
}

/** Takes the amount from what is left, so that the next share of the same invoice finds less. */
function takeFaults(source: Source | undefined, amountMinor: bigint, field: string[]): UserError[] {
  if (!source) return [];
  const { row, leftMinor } = source;
  source.leftMinor -= amountMinor;
  if (amountMinor <= leftMinor) return [];
  const left = leftMinor > 0n ? leftMinor : 0n;
  return [
    {
      code: 'AMOUNT_EXCEEDED',
      message: leftWords(`The ${nameOf(row)}`, left, amountMinor, row.currency),
      remedy: `${useAtMost(left, row.currency, `Leave the ${FIELD_NAMES[row.kind].words} out`)}.`,
      field,
    },
  ];
}
