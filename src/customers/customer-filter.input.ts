import { Field, ID, InputType } from 'type-graphql';
import type { CustomerSyncStatus } from './customer-sync-status.js';
import { CustomerSyncStatusEnum } from './customer.type.js';

@InputType()
export class CustomerFilter {
  @Field(() => String, { nullable: true, description: 'Matches name, Layer id, Sage account number.' })
  search?: string | null;

  @Field(() => CustomerSyncStatusEnum, { nullable: true })
  syncStatus?: CustomerSyncStatus | null;

  @Field(() => Boolean, {
    nullable: true,
    description: 'Whether any linked account is on hold; with sageCompanyId, the account in that company.',
  })
  onHold?: boolean | null;

  @Field(() => Boolean, {
    nullable: true,
    description:
      'Whether any linked account is over its credit limit; with sageCompanyId, the account in that company.',
  })
  overCreditLimit?: boolean | null;

  @Field(() => ID, { nullable: true, description: 'Only customers with an account in that Sage company.' })
  sageCompanyId?: string | null;
}
