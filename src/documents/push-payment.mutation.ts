import { Arg, Authorized, Ctx, Field, InputType, Mutation, Resolver } from 'type-graphql';
import type { RequestContext } from '../common/per-request.js';
import { CurrencyCodeScalar, DateScalar, DecimalScalar } from '../common/scalars.js';
import { PushPayload } from '../pushes/push.payload.js';
import { type DocumentParts, pushDocument } from './push-document.js';
import { type DocumentDraft, NOTHING_RETURNED } from './document-draft.js';
import { draftShares, InvoiceShareInput } from './invoice-share.input.js';

@InputType()
export class PaymentInput {
  @Field(() => String)
  layerId!: string;

  @Field(() => String)
  customerLayerId!: string;

  @Field(() => String)
  paymentMethodLayerId!: string;

  @Field(() => String, { nullable: true })
  subCompanyLayerId?: string | null;

  @Field(() => DateScalar)
  paidOn!: string;

  @Field(() => DecimalScalar)
  amount!: string;

  @Field(() => CurrencyCodeScalar, { nullable: true, description: "The account's currency when left out." })
  currency?: string | null;

  @Field(() => String, { nullable: true, description: 'At most 20 characters: it is the reference in Sage.' })
  reference?: string | null;

  @Field(() => [InvoiceShareInput], {
    nullable: true,
    description: 'The invoices that it pays. The gateway posts the receipt and then allocates it in Sage.',
  })
  invoices?: InvoiceShareInput[] | null;
}

@Resolver()
export class PushPaymentMutation {
  constructor(private readonly parts: DocumentParts) {}

  @Authorized('documents:push')
  @Mutation(() => PushPayload, {
    description: 'Sends a payment to Sage as a receipt, once, and allocates it there to the invoices that it pays.',
  })
  pushPayment(
    @Ctx() { instanceId }: RequestContext,
    @Arg('input', () => PaymentInput) input: PaymentInput,
  ): Promise<PushPayload> {
    return pushDocument(this.parts, instanceId, paymentDraft(input));
  }
}

function paymentDraft(input: PaymentInput): DocumentDraft {
  return {
    kind: 'PAYMENT',
    layerId: input.layerId,
    reference: input.reference || null,
    customerLayerId: input.customerLayerId,
    subCompanyLayerId: input.subCompanyLayerId ?? null,
    paymentMethodLayerId: input.paymentMethodLayerId,
    datedOn: input.paidOn,
    dueOn: null,
    currency: input.currency ?? null,
    amount: input.amount,
    lines: [],
    shares: draftShares(input.invoices),
    returns: NOTHING_RETURNED,
  };
}
