import { Arg, Authorized, Ctx, Field, InputType, Mutation, Resolver } from 'type-graphql';
import type { RequestContext } from '../common/per-request.js';
import { CurrencyCodeScalar, DateScalar } from '../common/scalars.js';
import { PushPayload } from '../pushes/push.payload.js';
import { type DocumentParts, pushDocument } from './push-document.js';
import { type DocumentDraft, NOTHING_RETURNED } from './document-draft.js';
import { draftShares, InvoiceShareInput } from './invoice-share.input.js';
import { InvoiceLineInput } from './invoice.input.js';

@InputType()
export class CreditNoteInput {
  @Field(() => String)
  layerId!: string;

  @Field(() => String, { description: 'At most 20 characters: it is the reference in Sage.' })
  number!: string;

  @Field(() => String)
  customerLayerId!: string;

  @Field(() => String, { nullable: true })
  subCompanyLayerId?: string | null;

  @Field(() => DateScalar)
  issuedOn!: string;

  @Field(() => CurrencyCodeScalar, { nullable: true, description: "The account's currency when left out." })
  currency?: string | null;

  @Field(() => [InvoiceLineInput], { description: 'Amounts are positive: what is given back.' })
  lines!: InvoiceLineInput[];

  @Field(() => [InvoiceShareInput], {
    nullable: true,
    description: 'The invoices that it credits, allocated in Sage.',
  })
  invoices?: InvoiceShareInput[] | null;
}

@Resolver()
export class PushCreditNoteMutation {
  constructor(private readonly parts: DocumentParts) {}

  @Authorized('documents:push')
  @Mutation(() => PushPayload, {
    description: 'Sends a credit note to Sage, once, and allocates it there to the invoices that it credits.',
  })
  pushCreditNote(
    @Ctx() { instanceId }: RequestContext,
    @Arg('input', () => CreditNoteInput) input: CreditNoteInput,
  ): Promise<PushPayload> {
    return pushDocument(this.parts, instanceId, creditNoteDraft(input));
  }
}

function creditNoteDraft(input: CreditNoteInput): DocumentDraft {
  return {
    kind: 'CREDIT_NOTE',
    layerId: input.layerId,
    reference: input.number,
    customerLayerId: input.customerLayerId,
    subCompanyLayerId: input.subCompanyLayerId ?? null,
    paymentMethodLayerId: null,
    datedOn: input.issuedOn,
    dueOn: null,
    currency: input.currency ?? null,
    amount: null,
    lines: input.lines,
    shares: draftShares(input.invoices),
    returns: NOTHING_RETURNED,
  };
}
