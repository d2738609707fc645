import { Field, ObjectType } from 'type-graphql';
import { UserError } from '../common/user-error.type.js';
import { CustomerType } from '../customers/customer.type.js';

/** Of linkCustomer and unlinkCustomer. */
@ObjectType({ simpleResolvers: true })
export class LinkCustomerPayload {
  @Field(() => CustomerType, { nullable: true })
  customer!: CustomerType | null;

  @Field(() => [UserError])
  userErrors!: UserError[];
}

export function linkRefused(userError: UserError): LinkCustomerPayload {
  return { customer: null, userErrors: [userError] };
}
