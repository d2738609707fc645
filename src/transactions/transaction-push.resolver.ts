import { Ctx, FieldResolver, Resolver, Root } from 'type-graphql';
import type { RequestContext } from '../common/per-request.js';
import type { PushLoader } from '../pushes/push.loader.js';
import { PushType } from '../pushes/push.type.js';
import { SageTransactionType } from './sage-transaction.type.js';

@Resolver(() => SageTransactionType)
export class TransactionPushResolver {
  constructor(private readonly pushes: PushLoader) {}

  @FieldResolver(() => PushType, {
    nullable: true,
    description: 'The push that made it, when the gateway did.',
  })
  async push(@Root() root: SageTransactionType, @Ctx() context: RequestContext): Promise<PushType | null> {
    const { companyId, urn } = root.row;
    const row = await this.pushes.ofPosting(context).load({ companyId, urn });
    return row && new PushType(context.instanceId, row);
  }
}
