import type { Node } from '../common/node.type.js';
import type { RequestContext } from '../common/per-request.js';
import { ReceiptMatchType } from './receipt-match.type.js';
import type { ReceiptLoader } from './receipt.loader.js';
import { ReceiptType } from './receipt.type.js';

interface ReceiptNode {
  type: string;
  scope: 'documents:read';
  load(context: RequestContext, key: string[]): Promise<Node | null>;
}

/** Receipts and matches as `node(id)` answers them. */
export function receiptNodeTypes(receipts: ReceiptLoader): ReceiptNode[] {
  return [
    {
      type: 'Receipt',
      scope: 'documents:read',
      load: async (context, [companyId, urn, ...rest]) => {
        if (!Number.isSafeInteger(Number(companyId)) || urn === undefined || rest.length > 0) return null;
        const row = await receipts.byKey(context).load({ companyId: Number(companyId), urn });
        return row && new ReceiptType(context.instanceId, row);
      },
    },
    {
      type: 'ReceiptMatch',
      scope: 'documents:read',
      load: async (context, [id, ...rest]) => {
        const row = id === undefined || rest.length > 0 ? null : await receipts.match(context).load(id);
        return row && new ReceiptMatchType(context.instanceId, row);
      },
    },
  ];
}
