import type { Clock } from '../common/clock.js';
import type { Transaction } from '../database/database.js';
import { customerLane, enqueue, type NewPush } from '../pushes/enqueue.js';
import type { PushNeed } from '../pushes/push-handler.js';
import { sageReference } from '../pushes/sage-reference.js';
import { contentHash } from '../sync/content-hash.js';
import type { MatchPlan } from './match-plan.js';
import { type MatchRow } from './match-rows.js';

type AllocationContent = Omit<NewPush, 'kind' | 'layerId' | 'sageReference'>;

/** What the allocation push of these matches of one receipt is made of. `waitsFor`: invoices that are not in Sage yet. */
export function allocationContent(
  matches: readonly MatchRow[],
  { customerLayerId, reference }: { customerLayerId: string; reference: string },
  waitsFor: readonly string[],
): AllocationContent {
  const [first] = matches;
  return {
    lane: customerLane(customerLayerId),
    companyId: first?.companyId ?? null,
    customerLayerId,
    amountMinor: matches.reduce((sum, { amountMinor }) => sum + amountMinor, 0n),
    currency: first?.currency ?? null,
    reference,
    contentHash: contentHash(matches.map(({ id, amountMinor }) => [id, String(amountMinor)])),
    needs: waitsFor.map((layerId): PushNeed => ({ kind: 'INVOICE', layerId })),
  };
}

/** Queues the one allocation of a plan's matches; null when there is none to be sent. It bears the id of the first of them. */
export async function enqueueAllocation(
  transaction: Transaction,
  clock: Clock,
  instanceId: number,
  plan: MatchPlan,
  made: readonly { match: MatchRow }[],
): Promise<string | null> {
  const [first] = made;
  if (!first) return null;
  const ids = new Set(made.map(({ match }) => match.invoiceLayerId));
  const waitsFor = plan.matches
    .filter(({ invoice }) => ids.has(invoice.row.layerId) && (invoice.posting?.urn ?? null) === null)
    .map(({ invoice }) => invoice.row.layerId);
  const about = {
    customerLayerId: plan.customerLayerId,
    reference: plan.receipt.transaction?.reference ?? plan.receipt.row.urn,
  };
  return enqueue(transaction, clock, instanceId, {
    ...allocationContent(
      made.map(({ match }) => match),
      about,
      waitsFor,
    ),
    kind: 'ALLOCATION',
    layerId: first.match.id,
    sageReference: sageReference(String(instanceId), 'ALLOCATION', first.match.id),
  });
}
