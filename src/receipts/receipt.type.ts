import { Field, ID, ObjectType, registerEnumType } from 'type-graphql';
import { connectionType } from '../common/connection.type.js';
import { MoneyType } from '../common/money.type.js';
import { Node } from '../common/node.type.js';
import { DateScalar } from '../common/scalars.js';
import { PaymentOriginEnum } from '../documents/payment.type.js';
import { SageTransactionKindEnum } from '../transactions/sage-transaction.type.js';
import { receiptNodeId } from './receipt-node-id.js';
import type { ReceiptRow } from './receipt-rows.js';
import { RECEIPT_STATUSES, type ReceiptStatus } from './receipt-status.js';

export const ReceiptStatusEnum = Object.fromEntries(RECEIPT_STATUSES.map((status) => [status, status])) as {
  [S in ReceiptStatus]: S;
};
registerEnumType(ReceiptStatusEnum, {
  name: 'ReceiptStatus',
  valuesConfig: {
    NO_MATCH_NEEDED: {
      description: 'A refund, or a receipt that the gateway itself posted for a Layer payment: shown, never suggested.',
    },
  },
});

@ObjectType('Receipt', {
  implements: Node,
  description: "Money in, and refunds (negative), as they stand in Sage's ledger.",
})
export class ReceiptType extends Node {
  constructor(
    readonly instanceId: number,
    readonly row: ReceiptRow,
  ) {
    super();
  }

  @Field(() => ID, { simple: true })
  get id(): string {
    return receiptNodeId(this.instanceId, this.row);
  }

  @Field(() => ReceiptStatusEnum, { simple: true })
  get status(): ReceiptStatus {
    return this.row.status;
  }

  @Field(() => SageTransactionKindEnum, { simple: true, description: 'RECEIPT or REFUND.' })
  get kind(): string {
    return this.row.kind;
  }

  @Field(() => PaymentOriginEnum, {
    simple: true,
    description: 'SAGE: entered in Sage. LAYER: posted by the gateway for a payment or a refund of The Layer.',
  })
  get origin(): keyof typeof PaymentOriginEnum {
    return this.row.origin;
  }

  @Field(() => DateScalar, { simple: true })
  get receivedOn(): string {
    return this.row.receivedOn;
  }

  @Field(() => MoneyType, { simple: true, description: 'As The Layer sees it: positive for money in.' })
  get amount(): MoneyType {
    return MoneyType.ofMinor(this.row.amountMinor, this.row.currency);
  }

  @Field(() => MoneyType, { simple: true, description: 'What no match has used yet.' })
  get unmatched(): MoneyType {
    return MoneyType.ofMinor(this.row.amountMinor - this.row.matchedMinor, this.row.currency);
  }
}

export const ReceiptConnection = connectionType('Receipt', () => ReceiptType);
