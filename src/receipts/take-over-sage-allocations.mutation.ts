import { Arg, Authorized, Ctx, ID, Mutation, Resolver } from 'type-graphql';
import type { CompanyLoader } from '../companies/company.loader.js';
import { companyOfId } from '../companies/sage-company-id.js';
import { matchAll } from './match-all.js';
import type { ReconcileContext, ReconcileParts } from './reconcile-mutation-parts.js';
import { AutoReconcilePayload, autoReconciled, autoReconcileRefused } from './reconcile.payload.js';
import { COMPANY_UNKNOWN, readRunCursor, runCursor } from './run-cursor.js';
import { chooseSageShares } from './sage-shares.js';

@Resolver()
export class TakeOverSageAllocationsMutation {
  constructor(
    private readonly parts: ReconcileParts,
    private readonly companies: CompanyLoader,
  ) {}

  @Authorized('reconcile')
  @Mutation(() => AutoReconcilePayload, {
    description:
      'Takes over allocations that were made in Sage: all receipts of the company that have one, oldest first. Nothing is sent. A long run stops after a while with hasMore: call again with `after: endCursor`.',
  })
  async takeOverSageAllocations(
    @Ctx() context: ReconcileContext,
    @Arg('sageCompanyId', () => ID) sageCompanyId: string,
    @Arg('after', () => String, { nullable: true }) after: string | null,
  ): Promise<AutoReconcilePayload> {
    const { instanceId, caller } = context;
    const company = await companyOfId(this.companies, context, sageCompanyId);
    if (!company) return autoReconcileRefused(COMPANY_UNKNOWN);
    const result = await matchAll(this.parts.database, this.parts.clock, {
      instanceId,
      companyId: company.id,
      after: readRunCursor(after),
      isAllocatedOnly: true,
      rule: {
        name: 'ALLOCATED_IN_SAGE',
        who: caller.subject,
        allocateInSage: false,
        isDryRun: false,
        isInSage: true,
        choose: (transaction, receipts) => chooseSageShares(transaction, instanceId, receipts),
      },
    });
    const { shown: matched, matchedCount, leftCount, next } = result;
    return autoReconciled(instanceId, {
      matched,
      matchedCount,
      leftCount,
      endCursor: runCursor(next),
      isDryRun: false,
    });
  }
}
