import { Arg, Authorized, Ctx, Field, Int, Mutation, ObjectType, Resolver } from 'type-graphql';
import { UserError } from '../common/user-error.type.js';
import { importCustomerLinks } from './import-customer-links.js';
import type { LinkContext, LinkParts } from './link-customer.mutation.js';
import { RejectedRow } from './rejected-row.type.js';

@ObjectType({ simpleResolvers: true })
export class ImportCustomerLinksPayload {
  @Field(() => Int, { description: 'Rows that are linked now, those that were before included.' })
  linked!: number;

  @Field(() => [RejectedRow])
  rejected!: RejectedRow[];

  @Field(() => [UserError])
  userErrors!: UserError[];
}

@Resolver()
export class ImportCustomerLinksMutation {
  constructor(private readonly parts: LinkParts) {}

  @Authorized('mappings:write')
  @Mutation(() => ImportCustomerLinksPayload, {
    description:
      'The customers upload: CSV with CustomerId, SageCompanyName, SageSiteId and SageAccountNumber or SageCustomerId. Good rows are linked; each bad row is reported. At most 100,000 rows and 10 MB.',
  })
  async importCustomerLinks(
    @Ctx() context: LinkContext,
    @Arg('csv', () => String) csv: string,
  ): Promise<ImportCustomerLinksPayload> {
    const { database, accounts, customers, clock } = this.parts;
    const by = { subject: context.caller.subject, clock };
    const imported = await importCustomerLinks(database, context.instanceId, csv, by);
    accounts.byKey(context).clearAll();
    accounts.ofCustomer(context).clearAll();
    customers.byLayerId(context).clearAll();
    return imported;
  }
}
