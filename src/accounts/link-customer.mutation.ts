import { Arg, Authorized, Ctx, ID, Mutation, Resolver } from 'type-graphql';
import type { Clock } from '../common/clock.js';
import type { RequestContext } from '../common/per-request.js';
import type { UserError } from '../common/user-error.type.js';
import type { CompanyLoader } from '../companies/company.loader.js';
import type { CustomerLoader } from '../customers/customer.loader.js';
import { layerIdFault } from '../customers/store-customer.js';
import type { Database } from '../database/database.js';
import { ACCOUNT_NOT_FOUND, accountKeyOfId } from './account-of-id.js';
import type { AccountRow } from './account-rows.js';
import type { AccountLoader } from './account.loader.js';
import { linkAccounts, type LinkOutcome } from './link-accounts.js';
import { LinkCustomerPayload, linkRefused } from './link-customer.payload.js';

/** Who asks: a link is recorded with its author. */
export interface LinkContext extends RequestContext {
  readonly caller: { readonly subject: string };
}

export interface LinkParts {
  database: Database;
  companies: CompanyLoader;
  accounts: AccountLoader;
  customers: CustomerLoader;
  clock: Clock;
}

@Resolver()
export class LinkCustomerMutation {
  constructor(private readonly parts: LinkParts) {}

  @Authorized('mappings:write')
  @Mutation(() => LinkCustomerPayload, {
    description:
      "Says that this Sage account is this Layer customer's. A customer not heard of before is made, with the account's name. The same again changes nothing.",
  })
  async linkCustomer(
    @Ctx() context: LinkContext,
    @Arg('layerId', () => String) layerId: string,
    @Arg('sageAccountId', () => ID) sageAccountId: string,
  ): Promise<LinkCustomerPayload> {
    const { database, accounts, customers, clock } = this.parts;
    const fault = layerIdFault(layerId);
    if (fault !== null) return linkRefused(invalidLayerId(fault));
    const key = accountKeyOfId(context.instanceId, sageAccountId);
    const account = key && (await accounts.byKey(context).load(key));
    if (!account) return linkRefused(ACCOUNT_NOT_FOUND);

    const by = { subject: context.caller.subject, clock };
    const [outcome] = await linkAccounts(database, context.instanceId, [{ layerId, account }], by);
    const refusal = outcome && (await this.refusalOf(outcome, context, layerId, account));
    if (refusal) return linkRefused(refusal);

    accounts.byKey(context).clear(account);
    accounts.ofCustomer(context).clear(layerId);
    return { customer: await customers.byLayerId(context).clear(layerId).load(layerId), userErrors: [] };
  }

  private async refusalOf(
    outcome: LinkOutcome,
    context: RequestContext,
    layerId: string,
    account: AccountRow,
  ): Promise<UserError | null> {
    switch (outcome.kind) {
      case 'LINKED':
        return null;
      case 'ALREADY_LINKED':
        return {
          code: 'ALREADY_LINKED',
          message: `Account ${account.accountNumber} is linked to customer ${outcome.customerLayerId} already.`,
          remedy: `Unlink it from ${outcome.customerLayerId} first.`,
          field: ['sageAccountId'],
        };
      case 'CUSTOMER_HAS_ACCOUNT': {
        const company = await this.parts.companies.byId(context, account.companyId);
        return {
          code: 'CUSTOMER_HAS_ACCOUNT',
          message: `Customer ${layerId} has account ${outcome.accountNumber} in ${company?.name ?? 'this company'} already.`,
          remedy: `Unlink ${outcome.accountNumber} first: a customer has one account in each Sage company.`,
          field: ['layerId'],
        };
      }
    }
  }
}

function invalidLayerId(fault: string): UserError {
  return {
    code: 'INVALID_LAYER_ID',
    message: `This customer id ${fault}.`,
    remedy: "Pass The Layer's CustomerId: 1 to 64 characters, without blanks at its ends.",
    field: ['layerId'],
  };
}
