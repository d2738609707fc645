import { Arg, Authorized, Ctx, Field, InputType, Mutation, Resolver } from 'type-graphql';
import type { RequestContext } from '../common/per-request.js';
import { CurrencyCodeScalar, DateScalar, DecimalScalar } from '../common/scalars.js';
import { PushPayload } from '../pushes/push.payload.js';
import { type DocumentParts, pushDocument } from './push-document.js';
import type { DocumentDraft } from './document-draft.js';

@InputType()
export class RefundInput {
  @Field(() => String)
  layerId!: string;

  @Field(() => String)
  customerLayerId!: string;

  @Field(() => String)
  paymentMethodLayerId!: string;

  @Field(() => String, { nullable: true })
  subCompanyLayerId?: string | null;

  @Field(() => DateScalar)
  refundedOn!: string;

  @Field(() => DecimalScalar, { description: 'Positive.' })
  amount!: string;

  @Field(() => CurrencyCodeScalar, { nullable: true, description: "The account's currency when left out." })
  currency?: string | null;

  @Field(() => String, { nullable: true, description: 'At most 20 characters: it is the reference in Sage.' })
  reference?: string | null;

  @Field(() => String, {
    nullable: true,
    description: 'What it gives back: the credit note or the payment, allocated against it in Sage.',
  })
  creditNoteLayerId?: string | null;

  @Field(() => String, { nullable: true, description: 'See creditNoteLayerId; one of the two at most.' })
  paymentLayerId?: string | null;
}

@Resolver()
export class PushRefundMutation {
  constructor(private readonly parts: DocumentParts) {}

  @Authorized('documents:push')
  @Mutation(() => PushPayload, {
    description: 'Sends money given back to Sage, once, and allocates it there against what it gives back.',
  })
  pushRefund(
    @Ctx() { instanceId }: RequestContext,
    @Arg('input', () => RefundInput) input: RefundInput,
  ): Promise<PushPayload> {
    return pushDocument(this.parts, instanceId, refundDraft(input));
  }
}

function refundDraft(input: RefundInput): DocumentDraft {
  return {
    kind: 'REFUND',
    layerId: input.layerId,
    reference: input.reference || null,
    customerLayerId: input.customerLayerId,
    subCompanyLayerId: input.subCompanyLayerId ?? null,
    paymentMethodLayerId: input.paymentMethodLayerId,
    datedOn: input.refundedOn,
    dueOn: null,
    currency: input.currency ?? null,
    amount: input.amount,
    lines: [],
    shares: [],
    returns: { CREDIT_NOTE: input.creditNoteLayerId ?? null, PAYMENT: input.paymentLayerId ?? null },
  };
}
