import { encodeNodeId } from '../common/node-id.js';
import type { ReceiptKey } from './receipt-rows.js';

/** The id of a receipt in the schema, as it stands in the audit trail too. */
export const receiptNodeId = (instanceId: number, { companyId, urn }: ReceiptKey) =>
  encodeNodeId(instanceId, 'Receipt', companyId, urn);

export const matchNodeId = (instanceId: number, matchId: string) => encodeNodeId(instanceId, 'ReceiptMatch', matchId);
