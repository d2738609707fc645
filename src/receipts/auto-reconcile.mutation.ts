import { Arg, Authorized, Ctx, ID, Mutation, Resolver } from 'type-graphql';
import type { CompanyLoader } from '../companies/company.loader.js';
import { autoRule } from './auto-rule.js';
import type { ReconcileContext, ReconcileParts } from './reconcile-mutation-parts.js';
import { AutoReconcilePayload } from './reconcile.payload.js';
import { runRule } from './run-rule.js';

@Resolver()
export class AutoReconcileMutation {
  constructor(
    private readonly parts: ReconcileParts,
    private readonly companies: CompanyLoader,
  ) {}

  @Authorized('reconcile')
  @Mutation(() => AutoReconcilePayload, {
    description:
      'Applies every suggestion that is HIGH, unambiguous and tied by a reference, account after account, oldest receipt first. With dryRun it only says what it would do. A long run stops after a while with hasMore: call again with `after: endCursor`.',
  })
  autoReconcile(
    @Ctx() context: ReconcileContext,
    @Arg('sageCompanyId', () => ID) sageCompanyId: string,
    @Arg('dryRun', () => Boolean, { nullable: true, defaultValue: false }) dryRun: boolean | null,
    @Arg('after', () => String, { nullable: true }) after: string | null,
  ): Promise<AutoReconcilePayload> {
    const { instanceId, caller } = context;
    const rule = autoRule({ instanceId, who: caller.subject, isDryRun: dryRun === true });
    return runRule(this.parts, this.companies, context, { sageCompanyId, after, rule, isAllocatedOnly: false });
  }
}
