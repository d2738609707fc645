import type { RequestContext } from '../common/per-request.js';
import type { CustomerLoader } from './customer.loader.js';
import type { CustomerType } from './customer.type.js';

/** A customer for `node(id)`, by the key inside its id; asks for the scope accounts:read. */
export async function loadCustomerNode(
  customers: CustomerLoader,
  context: RequestContext,
  key: readonly string[],
): Promise<CustomerType | null> {
  const [layerId, ...rest] = key;
  return layerId === undefined || rest.length > 0 ? null : customers.byLayerId(context).load(layerId);
}
