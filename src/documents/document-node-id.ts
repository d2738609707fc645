import { encodeNodeId } from '../common/node-id.js';
import type { DocumentKind } from './document-kind.js';

/** The GraphQL type of each kind. */
export const TYPE_OF_KIND = {
  INVOICE: 'Invoice',
  PAYMENT: 'Payment',
  CREDIT_NOTE: 'CreditNote',
  REFUND: 'Refund',
} as const satisfies Record<DocumentKind, string>;

export function documentNodeId(instanceId: number, { kind, layerId }: { kind: DocumentKind; layerId: string }): string {
  return encodeNodeId(instanceId, TYPE_OF_KIND[kind], layerId);
}
