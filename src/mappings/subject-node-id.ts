import { encodeNodeId } from '../common/node-id.js';
import type { SubjectKind } from './mapping-kind.js';

/** The GraphQL type of each kind of subject. */
export const TYPE_OF_KIND = {
  SUB_COMPANY: 'SubCompany',
  PAYMENT_METHOD: 'PaymentMethod',
  NOMINAL_CODE: 'NominalCode',
  VAT_CODE: 'VatCode',
} as const satisfies Record<SubjectKind, string>;

/** The node id of a subject; its changes stand under it in the audit trail. */
export function subjectNodeId(instanceId: number, kind: SubjectKind, layerId: string): string {
  return encodeNodeId(instanceId, TYPE_OF_KIND[kind], layerId);
}
