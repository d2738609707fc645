import { createUnionType } from 'type-graphql';
import type { RequestContext } from '../common/per-request.js';
import type { CustomerLoader } from '../customers/customer.loader.js';
import { CustomerType } from '../customers/customer.type.js';
import type { MappingLoader } from '../mappings/mapping.loader.js';
import { NominalCodeType } from '../mappings/nominal-code.type.js';
import type { PushRow } from '../pushes/push-rows.js';
import type { PushKind } from '../pushes/push-status.js';
import { CreditNoteType } from '../documents/credit-note.type.js';
import type { DocumentKind } from '../documents/document-kind.js';
import type { DocumentRow } from '../documents/document-rows.js';
import type { DocumentLoader } from '../documents/document.loader.js';
import { InvoiceType } from '../documents/invoice.type.js';
import { PaymentType } from '../documents/payment.type.js';
import { RefundType } from '../documents/refund.type.js';
import { ReceiptMatchType } from '../receipts/receipt-match.type.js';
import type { ReceiptLoader } from '../receipts/receipt.loader.js';

/** Everything that a push can be of. A new kind of document is one line here and one in `pushDocumentLoaders`. */
export const PushDocumentUnion = createUnionType({
  name: 'PushDocument',
  types: () =>
    [CustomerType, InvoiceType, PaymentType, CreditNoteType, RefundType, NominalCodeType, ReceiptMatchType] as const,
});
export type PushDocument = typeof PushDocumentUnion;

/** How the document of a push of one kind is found; in lists, as each goes through a loader of the request. */
export type PushDocumentLoader = (context: RequestContext, push: PushRow) => Promise<PushDocument | null>;

export function pushDocumentLoaders({
  customers,
  documents,
  mappings,
  receipts,
}: {
  customers: CustomerLoader;
  documents: DocumentLoader;
  mappings: MappingLoader;
  receipts: ReceiptLoader;
}): Partial<Record<PushKind, PushDocumentLoader>> {
  const documentOf =
    <T>(kind: DocumentKind, node: new (instanceId: number, row: DocumentRow) => T) =>
    async (context: RequestContext, { layerId }: PushRow) => {
      const row = await documents.byKey(context).load({ kind, layerId });
      return row && new node(context.instanceId, row);
    };
  return {
    CUSTOMER: (context, { layerId }) => customers.byLayerId(context).load(layerId),
    INVOICE: documentOf('INVOICE', InvoiceType),
    PAYMENT: documentOf('PAYMENT', PaymentType),
    CREDIT_NOTE: documentOf('CREDIT_NOTE', CreditNoteType),
    REFUND: documentOf('REFUND', RefundType),
    NOMINAL_CODE: async (context, { layerId }) => {
      const subject = await mappings.subject(context, 'NOMINAL_CODE', layerId);
      return subject && new NominalCodeType(context.instanceId, subject);
    },
    // the first match that it allocates
    ALLOCATION: async (context, { layerId }) => {
      const match = await receipts.match(context).load(layerId);
      return match && new ReceiptMatchType(context.instanceId, match);
    },
  };
}
