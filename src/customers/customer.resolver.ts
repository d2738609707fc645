import { Arg, Authorized, Ctx, FieldResolver, Int, Query, Resolver, Root } from 'type-graphql';
import { keysetOf } from '../common/paging.js';
import type { RequestContext } from '../common/per-request.js';
import type { CompanyLoader } from '../companies/company.loader.js';
import { companyOfId } from '../companies/sage-company-id.js';
import type { Database } from '../database/database.js';
import { ContactType } from './contact.type.js';
import { CustomerFilter } from './customer-filter.input.js';
import { countCustomers, CUSTOMER_CURSOR_SHAPE, customerCursorKey, listCustomers } from './customer-list.js';
import type { CustomerLoader } from './customer.loader.js';
import { CustomerConnection, CustomerType } from './customer.type.js';

@Resolver(() => CustomerType)
export class CustomerResolver {
  constructor(
    private readonly database: Database,
    private readonly companies: CompanyLoader,
    private readonly loader: CustomerLoader,
  ) {}

  @Authorized('accounts:read')
  @Query(() => CustomerType, {
    nullable: true,
    description: "One Layer customer, by The Layer's CustomerId. Null when the gateway has never been told of it.",
  })
  customer(
    @Ctx() context: RequestContext,
    @Arg('layerId', () => String) layerId: string,
  ): Promise<CustomerType | null> {
    return this.loader.byLayerId(context).load(layerId);
  }

  @Authorized('accounts:read')
  @Query(() => CustomerConnection, { description: 'By name.' })
  async customers(
    @Ctx() context: RequestContext,
    @Arg('filter', () => CustomerFilter, { nullable: true }) filter: CustomerFilter | null,
    @Arg('first', () => Int, { nullable: true, defaultValue: 50 }) first: number,
    @Arg('after', () => String, { nullable: true }) after: string | null,
  ): Promise<InstanceType<typeof CustomerConnection>> {
    const { instanceId } = context;
    const keyset = keysetOf({ first, after }, CUSTOMER_CURSOR_SHAPE);
    const company = filter?.sageCompanyId ? await companyOfId(this.companies, context, filter.sageCompanyId) : null;
    const isNowhere = Boolean(filter?.sageCompanyId) && !company;
    const wanted = { ...filter, companyId: company?.id };
    return CustomerConnection.of(
      keyset,
      isNowhere ? [] : await listCustomers(this.database, instanceId, wanted, keyset),
      {
        keyOf: customerCursorKey,
        node: (row) => new CustomerType(instanceId, row),
        count: async () => (isNowhere ? 0 : countCustomers(this.database, instanceId, wanted)),
      },
    );
  }

  @FieldResolver(() => [ContactType])
  async contacts(@Root() root: CustomerType, @Ctx() context: RequestContext): Promise<ContactType[]> {
    const contacts = await this.loader.contactsOf(context).load(root.layerId);
    return contacts.map((contact) => new ContactType(contact));
  }
}
