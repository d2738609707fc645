import { Arg, Authorized, Ctx, Field, ID, Mutation, ObjectType, Resolver } from 'type-graphql';
import type { AccountLoader } from '../accounts/account.loader.js';
import { SageAccountType } from '../accounts/sage-account.type.js';
import { decodeNodeIdOf } from '../common/node-id.js';
import type { RequestContext } from '../common/per-request.js';
import { UserError } from '../common/user-error.type.js';
import type { RefreshAccount } from './refresh-account.pull.js';

@ObjectType({ simpleResolvers: true })
export class RefreshSageAccountPayload {
  @Field(() => SageAccountType, { nullable: true })
  sageAccount!: SageAccountType | null;

  @Field(() => [UserError])
  userErrors!: UserError[];
}

@Resolver()
export class RefreshSageAccountMutation {
  constructor(
    private readonly accounts: AccountLoader,
    private readonly refresher: RefreshAccount,
  ) {}

  @Authorized('operate')
  @Mutation(() => RefreshSageAccountPayload, {
    description: 'Asks Sage for this account now, and answers with what it said.',
  })
  async refreshSageAccount(
    @Ctx() context: RequestContext,
    @Arg('id', () => ID) id: string,
  ): Promise<RefreshSageAccountPayload> {
    const [companyId, sageId] = (decodeNodeIdOf(context.instanceId, 'SageAccount', id) ?? []).map(Number);
    const key = { companyId: companyId ?? Number.NaN, sageId: sageId ?? Number.NaN };
    const isKnown =
      Number.isInteger(companyId) &&
      Number.isInteger(sageId) &&
      (await this.accounts.byKey(context).load(key)) !== null;
    if (!isKnown) {
      return refused({
        code: 'NOT_FOUND',
        message: 'There is no Sage account with this id.',
        remedy: 'Take the id from sageAccounts or from a customer.',
        field: ['id'],
      });
    }
    const refusal = await this.refresher.refresh(context.instanceId, key);
    if (refusal) return refused(refusal);
    const row = await this.accounts.byKey(context).clear(key).load(key);
    return { sageAccount: row && new SageAccountType(context.instanceId, row), userErrors: [] };
  }
}

function refused(userError: UserError): RefreshSageAccountPayload {
  return { sageAccount: null, userErrors: [userError] };
}
