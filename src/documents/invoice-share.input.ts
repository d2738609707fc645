import { Field, InputType } from 'type-graphql';
import { DecimalScalar } from '../common/scalars.js';
import type { DraftShare } from './document-draft.js';

@InputType()
export class InvoiceShareInput {
  @Field(() => String)
  invoiceLayerId!: string;

  @Field(() => DecimalScalar)
  amount!: string;

  @Field(() => String, {
    nullable: true,
    description: 'Puts the share on one line; left out, it goes to the oldest unpaid lines.',
  })
  lineLayerId?: string | null;
}

export function draftShares(shares: readonly InvoiceShareInput[] | null | undefined): DraftShare[] {
  return (shares ?? []).map(({ invoiceLayerId, amount, lineLayerId }) => {
    return { invoiceLayerId, amount, lineLayerId: lineLayerId ?? null };
  });
}
