import { Field, ID, InputType } from 'type-graphql';
import { InvoiceShareInput } from '../documents/invoice-share.input.js';

@InputType()
export class ReconcileReceiptInput {
  @Field(() => ID)
  receiptId!: string;

  @Field(() => [InvoiceShareInput])
  invoices!: InvoiceShareInput[];

  @Field(() => Boolean, {
    nullable: true,
    defaultValue: true,
    description: 'Send the allocation to Sage where Sage has none yet.',
  })
  allocateInSage!: boolean | null;
}
