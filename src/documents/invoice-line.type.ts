import { Field, ObjectType } from 'type-graphql';
import { MoneyType } from '../common/money.type.js';
import type { DocumentLineRow } from './document-rows.js';

@ObjectType('InvoiceLine', { description: 'A line of an invoice or a credit note.' })
export class InvoiceLineType {
  constructor(
    private readonly row: DocumentLineRow,
    private readonly currency: string,
    private readonly paidMinor: bigint,
  ) {}

  @Field(() => String, { simple: true })
  get layerId(): string {
    return this.row.layerId;
  }

  @Field(() => String, { simple: true })
  get description(): string {
    return this.row.description;
  }

  @Field(() => String, { simple: true, nullable: true })
  get nominalCode(): string | null {
    return this.row.nominalCode;
  }

  @Field(() => String, { simple: true, nullable: true })
  get vatCode(): string | null {
    return this.row.vatCode;
  }

  @Field(() => MoneyType, { simple: true })
  get net(): MoneyType {
    return MoneyType.ofMinor(this.row.netMinor, this.currency);
  }

  @Field(() => MoneyType, { simple: true })
  get vat(): MoneyType {
    return MoneyType.ofMinor(this.row.vatMinor, this.currency);
  }

  @Field(() => MoneyType, {
    simple: true,
    description:
      'Paid or credited: shares that name the line, then its part of the others, which go to the oldest unpaid lines. Zero on a credit note.',
  })
  get paid(): MoneyType {
    return MoneyType.ofMinor(this.paidMinor, this.currency);
  }
}
