import { Arg, Authorized, Ctx, Field, ID, InputType, Mutation, ObjectType, Resolver } from 'type-graphql';
import { UserError } from '../common/user-error.type.js';
import { BANK_ACCOUNTS } from '../companies/reference-rows.js';
import { mapSubject, type MappingContext, type MappingParts } from './map-subject.js';
import { bankFault, bankWords } from './mapping-target.js';
import { PaymentMethodType } from './payment-method.type.js';

@InputType()
export class MapPaymentMethodInput {
  @Field()
  layerId!: string;

  @Field(() => String, { nullable: true })
  name?: string | null;

  @Field(() => ID)
  sageBankAccountId!: string;
}

@ObjectType({ simpleResolvers: true })
export class MapPaymentMethodPayload {
  @Field(() => PaymentMethodType, { nullable: true })
  paymentMethod!: PaymentMethodType | null;

  @Field(() => [UserError])
  userErrors!: UserError[];
}

@Resolver()
export class MapPaymentMethodMutation {
  constructor(private readonly parts: MappingParts) {}

  @Authorized('mappings:write')
  @Mutation(() => MapPaymentMethodPayload, {
    description:
      "Says which bank account a payment method means in the Sage company of that account. Its currency may differ from the company's own: whether it suits a document is looked at when one is sent.",
  })
  async mapPaymentMethod(
    @Ctx() context: MappingContext,
    @Arg('input', () => MapPaymentMethodInput) input: MapPaymentMethodInput,
  ): Promise<MapPaymentMethodPayload> {
    const { subject, userErrors } = await mapSubject(this.parts, context, {
      kind: 'PAYMENT_METHOD',
      layerId: input.layerId,
      idField: 'layerId',
      idWords: "payment method's id",
      name: input.name,
      targetId: input.sageBankAccountId,
      targetField: 'sageBankAccountId',
      targetNoun: 'bank account',
      list: BANK_ACCOUNTS,
      fault: bankFault,
      words: bankWords,
      nameOf: ({ name }) => name,
    });
    return { paymentMethod: subject && new PaymentMethodType(context.instanceId, subject), userErrors };
  }
}
