import { Arg, Authorized, Ctx, ID, Mutation, Resolver } from 'type-graphql';
import { ACCOUNT_NOT_FOUND, accountKeyOfId } from './account-of-id.js';
import type { LinkContext, LinkParts } from './link-customer.mutation.js';
import { LinkCustomerPayload, linkRefused } from './link-customer.payload.js';
import { unlinkAccount } from './unlink-account.js';

@Resolver()
export class UnlinkCustomerMutation {
  constructor(private readonly parts: LinkParts) {}

  @Authorized('mappings:write')
  @Mutation(() => LinkCustomerPayload, {
    description: 'Takes the link away. The customer stays, and so does the account in Sage.',
  })
  async unlinkCustomer(
    @Ctx() context: LinkContext,
    @Arg('layerId', () => String) layerId: string,
    @Arg('sageAccountId', () => ID) sageAccountId: string,
  ): Promise<LinkCustomerPayload> {
    const { database, accounts, customers, clock } = this.parts;
    const key = accountKeyOfId(context.instanceId, sageAccountId);
    if (!key) return linkRefused(ACCOUNT_NOT_FOUND);
    // an account that Sage has deleted in the meantime can still be unlinked
    const by = { subject: context.caller.subject, clock };
    if (!(await unlinkAccount(database, context.instanceId, layerId, key, by))) {
      const account = await accounts.byKey(context).load(key);
      return linkRefused(account ? notLinked(layerId, account) : ACCOUNT_NOT_FOUND);
    }
    accounts.byKey(context).clear(key);
    accounts.ofCustomer(context).clear(layerId);
    return { customer: await customers.byLayerId(context).clear(layerId).load(layerId), userErrors: [] };
  }
}

function notLinked(layerId: string, account: { accountNumber: string; customerLayerId: string | null }) {
  const whose = account.customerLayerId === null ? 'no customer' : `customer ${account.customerLayerId}`;
  return {
    code: 'NOT_LINKED',
    message: `Account ${account.accountNumber} is not linked to customer ${layerId}; it is linked to ${whose}.`,
    remedy: account.customerLayerId === null ? null : `Pass layerId ${account.customerLayerId} to unlink it.`,
    field: ['sageAccountId'],
  };
}
