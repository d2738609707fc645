import { createUnionType } from 'type-graphql';
import type { RequestContext } from '../common/per-request.js';
import type { CustomerLoader } from '../customers/customer.loader.js';
import { CustomerType } from '../customers/customer.type.js';
import type { MappingLoader } from '../mappings/mapping.loader.js';
import { NominalCodeType } from '../mappings/nominal-code.type.js';
import type { PushRow } from '../pushes/push-rows.js';
import type { PushKind } from '../pushes/push-status.js';

/** Everything that a push can be of. A new kind of document is one line here and one in `pushDocumentLoaders`. */
export const PushDocumentUnion = createUnionType({
  name: 'PushDocument',
  types: () => [CustomerType, NominalCodeType] as const,
});
export type PushDocument = typeof PushDocumentUnion;

/** How the document of a push of one kind is found; in lists, as each goes through a loader of the request. */
export type PushDocumentLoader = (context: RequestContext, push: PushRow) => Promise<PushDocument | null>;

export function pushDocumentLoaders(parts: {
  customers: CustomerLoader;
  mappings: MappingLoader;
}): Partial<Record<PushKind, PushDocumentLoader>> {
  return {
    CUSTOMER: (context, { layerId }) => parts.customers.byLayerId(context).load(layerId),
    NOMINAL_CODE: async (context, { layerId }) => {
      const subject = await parts.mappings.subject(context, 'NOMINAL_CODE', layerId);
      return subject && new NominalCodeType(context.instanceId, subject);
    },
  };
}
