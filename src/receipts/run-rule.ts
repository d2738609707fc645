import type { CompanyLoader } from '../companies/company.loader.js';
import { companyOfId } from '../companies/sage-company-id.js';
import type { BulkRule } from './bulk-matches.js';
import { matchAll } from './match-all.js';
import type { ReconcileContext, ReconcileParts } from './reconcile-mutation-parts.js';
import { type AutoReconcilePayload, autoReconciled, autoReconcileRefused } from './reconcile.payload.js';
import { COMPANY_UNKNOWN, readRunCursor, runCursor } from './run-cursor.js';

/** Applies a rule to the receipts of the company that a caller has named, as far as one call goes. */
export async function runRule(
  { database, clock, wakePush }: ReconcileParts,
  companies: CompanyLoader,
  context: ReconcileContext,
  order: { sageCompanyId: string; after: string | null; rule: BulkRule; isAllocatedOnly: boolean },
): Promise<AutoReconcilePayload> {
  const { rule, isAllocatedOnly } = order;
  const company = await companyOfId(companies, context, order.sageCompanyId);
  if (!company) return autoReconcileRefused(COMPANY_UNKNOWN);
  const { instanceId } = context;
  const after = readRunCursor(order.after);
  const run = { instanceId, companyId: company.id, after, isAllocatedOnly, rule };
  const { shown: matched, matchedCount, leftCount, next } = await matchAll(database, clock, run);
  if (matchedCount > 0 && rule.allocateInSage && !rule.isDryRun) wakePush();
  const endCursor = runCursor(next);
  return autoReconciled(instanceId, { matched, matchedCount, leftCount, endCursor, isDryRun: rule.isDryRun });
}
