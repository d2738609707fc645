import { PREREQUISITE_FAILED, type PushCause } from '../pushes/push-cause.js';
import type { NextMove } from '../pushes/push-handler.js';
import { type DocumentKind, FIELD_NAMES } from './document-kind.js';
import type { DocumentPosting } from './document-postings.js';
import type { StoredDocument } from './read-document.js';

/** A document that another one pays or returns something of. */
interface Counterpart {
  kind: DocumentKind;
  layerId: string;
  amountMinor: bigint;
}

/** The documents whose postings this one is allocated to, each once, with the amount that goes to it. */
export function counterparts(document: StoredDocument): Counterpart[] {
  const { returnsKind, returnsLayerId, grossMinor } = document;
  if (returnsKind !== null && returnsLayerId !== null)
    return [{ kind: returnsKind, layerId: returnsLayerId, amountMinor: grossMinor }];
  const byInvoice = new Map<string, bigint>();
  for (const { invoiceLayerId, amountMinor } of document.shares) {
    byInvoice.set(invoiceLayerId, (byInvoice.get(invoiceLayerId) ?? 0n) + amountMinor);
  }
  return [...byInvoice].map(([layerId, amountMinor]) => ({ kind: 'INVOICE', layerId, amountMinor }));
}

/** All of them must have landed; one that never will holds it. */
export function waitFor(open: readonly Counterpart[], postings: readonly (DocumentPosting | null)[]): NextMove {
  const given = open.find(({ layerId }) =>
    postings.some(
      (posting) => posting?.layerId === layerId && ['FAILED', 'SKIPPED'].includes(posting.pushStatus ?? ''),
    ),
  );
  if (!given) return { kind: 'WAITING', needs: open };
  const what = `${FIELD_NAMES[given.kind].words} ${given.layerId}`;
  return {
    kind: 'HELD',
    needs: open,
    cause: {
      code: PREREQUISITE_FAILED,
      key: `${given.kind}:${given.layerId}`,
      subject: what,
      message: `The posting stands; its allocation needs ${what}, which is not in Sage and will not get there by itself.`,
      remedy: `Put ${what} right and try that again, or skip this allocation.`,
    },
  };
}

export const otherCompany = ({ kind, layerId }: DocumentPosting): PushCause => ({
  code: 'OTHER_COMPANY',
  key: '',
  subject: null,
  message: `The ${FIELD_NAMES[kind].words} ${layerId} was posted in another Sage company: Sage cannot allocate across companies.`,
  remedy: 'The posting stands. Move the money in Sage, and skip this allocation.',
});
