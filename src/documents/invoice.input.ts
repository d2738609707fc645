import { Field, InputType } from 'type-graphql';
import { CurrencyCodeScalar, DateScalar, DecimalScalar } from '../common/scalars.js';
import { type DocumentDraft, NOTHING_RETURNED } from './document-draft.js';

@InputType({ description: 'A line may be negative; the total may not.' })
export class InvoiceLineInput {
  @Field(() => String)
  layerId!: string;

  @Field(() => String)
  description!: string;

  @Field(() => String)
  nominalCode!: string;

  @Field(() => String)
  vatCode!: string;

  @Field(() => DecimalScalar)
  net!: string;

  @Field(() => DecimalScalar)
  vat!: string;
}

@InputType()
export class InvoiceInput {
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

  @Field(() => DateScalar, { nullable: true })
  dueOn?: string | null;

  @Field(() => CurrencyCodeScalar, { nullable: true, description: "The account's currency when left out." })
  currency?: string | null;

  @Field(() => [InvoiceLineInput])
  lines!: InvoiceLineInput[];
}

export function invoiceDraft(input: InvoiceInput): DocumentDraft {
  return {
    kind: 'INVOICE',
    layerId: input.layerId,
    reference: input.number,
    customerLayerId: input.customerLayerId,
    subCompanyLayerId: input.subCompanyLayerId ?? null,
    paymentMethodLayerId: null,
    datedOn: input.issuedOn,
    dueOn: input.dueOn ?? null,
    currency: input.currency ?? null,
    amount: null,
    lines: input.lines,
    shares: [],
    returns: NOTHING_RETURNED,
  };
}
