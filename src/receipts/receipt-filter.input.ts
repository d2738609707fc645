import { Field, ID, InputType } from 'type-graphql';
import { DateScalar } from '../common/scalars.js';
import { PaymentOriginEnum } from '../documents/payment.type.js';
import type { ReceiptStatus } from './receipt-status.js';
import { ReceiptStatusEnum } from './receipt.type.js';

@InputType()
export class ReceiptFilter {
  @Field(() => ID, { nullable: true })
  sageCompanyId?: string | null;

  @Field(() => String, { nullable: true })
  customerLayerId?: string | null;

  @Field(() => [ReceiptStatusEnum], { nullable: true })
  status?: ReceiptStatus[] | null;

  @Field(() => [PaymentOriginEnum], {
    nullable: true,
    defaultValue: ['SAGE'],
    description: 'Null: whatever its origin.',
  })
  origin?: (keyof typeof PaymentOriginEnum)[] | null;

  @Field(() => Boolean, { nullable: true, description: 'Has Sage allocated any of it?' })
  allocatedInSage?: boolean | null;

  @Field(() => DateScalar, { nullable: true })
  from?: string | null;

  @Field(() => DateScalar, { nullable: true })
  to?: string | null;

  @Field(() => String, {
    nullable: true,
    description: "Matches reference, second reference, URN, and the account's name and number.",
  })
  search?: string | null;
}
