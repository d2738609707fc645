import type { Node } from '../common/node.type.js';
import type { RequestContext } from '../common/per-request.js';
import { DOCUMENT_KINDS } from './document-kind.js';
import { TYPE_OF_KIND } from './document-node-id.js';
import { CREDIT_NOTES, INVOICES, PAYMENTS, REFUNDS } from './document-pages.js';
import type { DocumentLoader } from './document.loader.js';

const NODE_OF_KIND = { INVOICE: INVOICES, PAYMENT: PAYMENTS, CREDIT_NOTE: CREDIT_NOTES, REFUND: REFUNDS } as const;

interface DocumentNode {
  type: string;
  scope: 'documents:read';
  load(context: RequestContext, key: string[]): Promise<Node | null>;
}

/** Documents as `node(id)` answers them. */
export function documentNodeTypes(documents: DocumentLoader): DocumentNode[] {
  return DOCUMENT_KINDS.map((kind) => ({
    type: TYPE_OF_KIND[kind],
    scope: 'documents:read',
    load: async (context, [layerId = '']) => {
      const row = await documents.byKey(context).load({ kind, layerId });
      return row && new NODE_OF_KIND[kind].node(context.instanceId, row);
    },
  }));
}
