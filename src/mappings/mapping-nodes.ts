import type { Node } from '../common/node.type.js';
import type { RequestContext } from '../common/per-request.js';
import type { SubjectKind } from './mapping-kind.js';
import type { SubjectRow } from './mapping-rows.js';
import type { MappingLoader } from './mapping.loader.js';
import { NominalCodeType } from './nominal-code.type.js';
import { PaymentMethodType } from './payment-method.type.js';
import { SubCompanyType } from './sub-company.type.js';
import { TYPE_OF_KIND } from './subject-node-id.js';
import { VatCodeType } from './vat-code.type.js';

interface MappingNode {
  type: string;
  scope: 'documents:read';
  load(context: RequestContext, key: string[]): Promise<Node | null>;
}

/** Sub-companies, payment methods, nominal codes and VAT codes as `node(id)` answers them. */
export function mappingNodeTypes(mappings: MappingLoader): MappingNode[] {
  const nodeType = (kind: SubjectKind, nodeClass: new (instanceId: number, row: SubjectRow) => Node): MappingNode => ({
    type: TYPE_OF_KIND[kind],
    scope: 'documents:read',
    load: async (context, [layerId, ...rest]) => {
      if (layerId === undefined || rest.length > 0) return null;
      const row = await mappings.subject(context, kind, layerId);
      return row && new nodeClass(context.instanceId, row);
    },
  });
  return [
    nodeType('SUB_COMPANY', SubCompanyType),
    nodeType('PAYMENT_METHOD', PaymentMethodType),
    nodeType('NOMINAL_CODE', NominalCodeType),
    nodeType('VAT_CODE', VatCodeType),
  ];
}
