import { Arg, Authorized, Ctx, FieldResolver, ID, Int, Query, Resolver, Root } from 'type-graphql';
import type { AccountLoader } from '../accounts/account.loader.js';
import { SageAccountType } from '../accounts/sage-account.type.js';
import { keysetOf } from '../common/paging.js';
import type { RequestContext } from '../common/per-request.js';
import type { CompanyLoader } from '../companies/company.loader.js';
import { companyOfId } from '../companies/sage-company-id.js';
import type { Database } from '../database/database.js';
import { SageTransactionFilter } from './sage-transaction-filter.input.js';
import { SageAllocationType, SageTransactionConnection, SageTransactionType } from './sage-transaction.type.js';
import {
  countTransactions,
  listTransactions,
  TRANSACTION_CURSOR_SHAPE,
  transactionCursorKey,
  type TransactionListFilter,
} from './transaction-list.js';
import type { TransactionLoader } from './transaction.loader.js';

type TransactionPage = InstanceType<typeof SageTransactionConnection>;

@Resolver(() => SageTransactionType)
export class SageTransactionResolver {
  constructor(
    private readonly database: Database,
    private readonly companies: CompanyLoader,
    private readonly accounts: AccountLoader,
    private readonly transactions: TransactionLoader,
  ) {}

  @Authorized('accounts:read')
  @Query(() => SageTransactionConnection, { description: "Sage's ledger over all accounts, newest first." })
  async sageTransactions(
    @Ctx() context: RequestContext,
    @Arg('sageCompanyId', () => ID, { nullable: true }) sageCompanyId: string | null,
    @Arg('filter', () => SageTransactionFilter, { nullable: true }) filter: SageTransactionFilter | null,
    @Arg('first', () => Int, { nullable: true, defaultValue: 50 }) first: number,
    @Arg('after', () => String, { nullable: true }) after: string | null,
  ): Promise<TransactionPage> {
    const company = sageCompanyId ? await companyOfId(this.companies, context, sageCompanyId) : null;
    const scope = sageCompanyId && !company ? null : { companyId: company?.id };
    return transactionPage(this.database, context, scope && { ...filter, ...scope }, { first, after });
  }

  @FieldResolver(() => [SageAllocationType])
  async allocations(@Root() root: SageTransactionType, @Ctx() context: RequestContext): Promise<SageAllocationType[]> {
    const rows = await this.transactions.allocations(context).load(root.row);
    return rows.map((row) => new SageAllocationType(row, root.row.currency));
  }

  @FieldResolver(() => SageAccountType)
  async sageAccount(@Root() root: SageTransactionType, @Ctx() context: RequestContext): Promise<SageAccountType> {
    const key = { companyId: root.row.companyId, sageId: root.row.accountSageId };
    const row = await this.accounts.byKey(context).load(key);
    if (!row) throw new Error(`The Sage account ${key.sageId} of transaction ${root.row.urn} is not in the cache.`);
    return new SageAccountType(context.instanceId, row);
  }
}

/** The other side of an allocation. */
@Resolver(() => SageAllocationType)
export class SageAllocationResolver {
  constructor(private readonly transactions: TransactionLoader) {}

  @FieldResolver(() => SageTransactionType, {
    nullable: true,
    description: 'The transaction on the other side, when the cache has it.',
  })
  async transaction(
    @Root() root: SageAllocationType,
    @Ctx() context: RequestContext,
  ): Promise<SageTransactionType | null> {
    const row = await this.transactions.byKey(context).load({ companyId: root.row.companyId, urn: root.row.otherUrn });
    return row && new SageTransactionType(context.instanceId, row);
  }
}

/** The ledger of one account. */
@Resolver(() => SageAccountType)
export class AccountTransactionsResolver {
  constructor(private readonly database: Database) {}

  @FieldResolver(() => SageTransactionConnection, { description: 'Newest first, archived ones included.' })
  transactions(
    @Root() root: SageAccountType,
    @Ctx() context: RequestContext,
    @Arg('filter', () => SageTransactionFilter, { nullable: true }) filter: SageTransactionFilter | null,
    @Arg('first', () => Int, { nullable: true, defaultValue: 50 }) first: number,
    @Arg('after', () => String, { nullable: true }) after: string | null,
  ): Promise<TransactionPage> {
    const scope = { companyId: root.row.companyId, accountSageId: root.row.sageId };
    return transactionPage(this.database, context, { ...filter, ...scope }, { first, after });
  }
}

/** `filter` null: nothing can match, as with a company that does not exist. */
async function transactionPage(
  database: Database,
  { instanceId }: RequestContext,
  filter: TransactionListFilter | null,
  page: { first: number; after: string | null },
): Promise<TransactionPage> {
  const keyset = keysetOf(page, TRANSACTION_CURSOR_SHAPE);
  return SageTransactionConnection.of(
    keyset,
    filter ? await listTransactions(database, instanceId, filter, keyset) : [],
    {
      keyOf: transactionCursorKey,
      node: (row) => new SageTransactionType(instanceId, row),
      count: async () => (filter ? countTransactions(database, instanceId, filter) : 0),
    },
  );
}
