import { Money } from '../common/money.js';
import type { UserError } from '../common/user-error.type.js';
import { FIELD_NAMES, hasLines } from './document-kind.js';
import type { DocumentRow } from './document-rows.js';

// What is said of documents of which a part is to be taken: by payments, credit notes, refunds and receipts alike.

type Words = Omit<UserError, 'field'>;

/** "invoice INV101864": by its number, which a clerk knows. A payment and a refund have none, and go by The Layer's id. */
export function nameOf({ kind, reference, layerId }: Pick<DocumentRow, 'kind' | 'reference' | 'layerId'>): string {
  return `${FIELD_NAMES[kind].words} ${(hasLines(kind) && reference) || layerId}`;
}

export function invoiceUnknown(layerId: string): Words {
  return {
    code: 'INVOICE_UNKNOWN',
    message: `There is no invoice ${layerId}.`,
    remedy: 'Send the invoice first, or register it if it stands in Sage already (registerInvoices).',
  };
}

/** More is to be taken than is left. */
export function leftWords(what: string, leftMinor: bigint, wantedMinor: bigint, currency: string): string {
  const [left, wanted] = [leftMinor, wantedMinor].map((minor) => Money.ofMinor(minor, currency).inWords);
  return `${what} has ${left} left, and ${wanted} was to be used.`;
}

/** The beginning of a remedy; `otherwise` where nothing is left to be used. */
export function useAtMost(leftMinor: bigint, currency: string, otherwise: string): string {
  return leftMinor > 0n ? `Use ${Money.ofMinor(leftMinor, currency).inWords} at most` : otherwise;
}
