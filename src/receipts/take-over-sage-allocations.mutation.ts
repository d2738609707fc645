import { Arg, Authorized, Ctx, ID, Mutation, Resolver } from 'type-graphql';
import type { CompanyLoader } from '../companies/company.loader.js';
import type { BulkRule } from './bulk-matches.js';
import type { ReconcileContext, ReconcileParts } from './reconcile-mutation-parts.js';
import { AutoReconcilePayload } from './reconcile.payload.js';
import { runRule } from './run-rule.js';
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
      'Takes over allocations that were made in Sage: all receipts of the company that have one. Nothing is sent. A long run stops after a while with hasMore: call again with `after: endCursor`.',
  })
  takeOverSageAllocations(
    @Ctx() context: ReconcileContext,
    @Arg('sageCompanyId', () => ID) sageCompanyId: string,
    @Arg('after', () => String, { nullable: true }) after: string | null,
  ): Promise<AutoReconcilePayload> {
    const { instanceId, caller } = context;
    const rule: BulkRule = {
      name: 'ALLOCATED_IN_SAGE',
      who: caller.subject,
      allocateInSage: false,
      isDryRun: false,
      isInSage: true,
      choose: (transaction, receipts) => chooseSageShares(transaction, instanceId, receipts),
    };
    return runRule(this.parts, this.companies, context, { sageCompanyId, after, rule, isAllocatedOnly: true });
  }
}
