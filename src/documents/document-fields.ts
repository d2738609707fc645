import type { RequestContext } from '../common/per-request.js';
import type { CustomerLoader } from '../customers/customer.loader.js';
import type { CustomerType } from '../customers/customer.type.js';
import type { Database } from '../database/database.js';
import type { MappingLoader } from '../mappings/mapping.loader.js';
import type { PushRow } from '../pushes/push-rows.js';
import type { PushLoader } from '../pushes/push.loader.js';
import { PushType } from '../pushes/push.type.js';
import { SageTransactionType } from '../transactions/sage-transaction.type.js';
import type { TransactionLoader } from '../transactions/transaction.loader.js';
import type { DocumentRow } from './document-rows.js';
import type { DocumentLoader } from './document.loader.js';

/** What the views of documents read from. */
export interface DocumentViewParts {
  database: Database;
  documents: DocumentLoader;
  customers: CustomerLoader;
  mappings: MappingLoader;
  pushes: PushLoader;
  transactions: TransactionLoader;
}

export async function customerOf(
  { customers }: DocumentViewParts,
  context: RequestContext,
  row: DocumentRow,
): Promise<CustomerType> {
  const customer = await customers.byLayerId(context).load(row.customerLayerId);
  if (!customer) throw new Error(`The customer ${row.customerLayerId} of ${row.kind} ${row.layerId} is not known.`);
  return customer;
}

export async function pushOf(
  { pushes }: DocumentViewParts,
  context: RequestContext,
  row: DocumentRow,
): Promise<PushType | null> {
  const push = await pushRowOf(pushes, context, row);
  return push && new PushType(context.instanceId, push);
}

/** The posting in Sage; null until the cache has it. */
export async function sageTransactionOf(
  { pushes, transactions }: DocumentViewParts,
  context: RequestContext,
  row: DocumentRow,
): Promise<SageTransactionType | null> {
  const push = row.registeredUrn === null ? await pushRowOf(pushes, context, row) : null;
  const companyId = push?.companyId ?? row.registeredCompanyId;
  const urn = push?.urn ?? row.registeredUrn;
  if (companyId === null || urn === null) return null;
  const transaction = await transactions.byKey(context).load({ companyId, urn });
  return transaction && new SageTransactionType(context.instanceId, transaction);
}

async function pushRowOf(
  pushes: PushLoader,
  context: RequestContext,
  { pushId }: DocumentRow,
): Promise<PushRow | null> {
  return pushId === null ? null : pushes.byId(context).load(pushId);
}
