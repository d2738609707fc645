import { Field, ID, ObjectType, registerEnumType } from 'type-graphql';
import { connectionType } from '../common/connection.type.js';
import { MoneyType } from '../common/money.type.js';
import { encodeNodeId } from '../common/node-id.js';
import { Node } from '../common/node.type.js';
import { DateScalar } from '../common/scalars.js';
import type { AllocationRow, TransactionRow } from './transaction-rows.js';

export const SageTransactionKindEnum = {
  INVOICE: 'INVOICE',
  CREDIT_NOTE: 'CREDIT_NOTE',
  RECEIPT: 'RECEIPT',
  REFUND: 'REFUND',
  OPENING_INVOICE: 'OPENING_INVOICE',
  OPENING_CREDIT_NOTE: 'OPENING_CREDIT_NOTE',
} as const;
registerEnumType(SageTransactionKindEnum, { name: 'SageTransactionKind' });

@ObjectType('SageTransaction', {
  implements: Node,
  description:
    "One posted transaction in Sage's sales ledger. Values are signed as the ledger signs them: receipts and credit notes are negative.",
})
export class SageTransactionType extends Node {
  constructor(
    readonly instanceId: number,
    readonly row: TransactionRow,
  ) {
    super();
  }

  @Field(() => ID, { simple: true })
  get id(): string {
    return encodeNodeId(this.instanceId, 'SageTransaction', this.row.companyId, this.row.urn);
  }

  @Field(() => SageTransactionKindEnum, { simple: true })
  get kind(): string {
    return this.row.kind;
  }

  @Field(() => String, { simple: true })
  get urn(): string {
    return this.row.urn;
  }

  @Field(() => String, { simple: true })
  get reference(): string {
    return this.row.reference;
  }

  @Field(() => String, { simple: true })
  get secondReference(): string {
    return this.row.secondReference;
  }

  @Field(() => DateScalar, { simple: true })
  get transactionDate(): string {
    return this.row.transactionDate;
  }

  @Field(() => DateScalar, { simple: true, nullable: true })
  get dueDate(): string | null {
    return this.row.dueDate;
  }

  @Field(() => MoneyType, { simple: true })
  get gross(): MoneyType {
    return this.money(this.row.grossMinor);
  }

  @Field(() => MoneyType, { simple: true })
  get net(): MoneyType {
    return this.money(this.row.netMinor);
  }

  @Field(() => MoneyType, { simple: true })
  get tax(): MoneyType {
    return this.money(this.row.taxMinor);
  }

  @Field(() => MoneyType, { simple: true })
  get allocated(): MoneyType {
    return this.money(this.row.allocatedMinor);
  }

  @Field(() => MoneyType, { simple: true })
  get outstanding(): MoneyType {
    return this.money(this.row.outstandingMinor);
  }

  @Field(() => Boolean, { simple: true, description: 'Under query in Sage, which blocks allocation.' })
  get queried(): boolean {
    return this.row.queried;
  }

  @Field(() => Boolean, { simple: true, description: 'Archived in Sage: fully allocated and past the keeping period.' })
  get archived(): boolean {
    return this.row.archived;
  }

  private money(minor: bigint): MoneyType {
    return MoneyType.ofMinor(minor, this.row.currency);
  }
}

export const SageTransactionConnection = connectionType('SageTransaction', () => SageTransactionType);

@ObjectType('SageAllocation', {
  description: 'What a transaction is allocated to. The amounts add up to what is allocated of it, and bear its sign.',
})
export class SageAllocationType {
  constructor(
    readonly row: AllocationRow,
    readonly currency: string,
  ) {}

  @Field(() => String, { simple: true })
  get urn(): string {
    return this.row.otherUrn;
  }

  @Field(() => MoneyType, { simple: true })
  get amount(): MoneyType {
    return MoneyType.ofMinor(this.row.amountMinor, this.currency);
  }

  @Field(() => DateScalar, { simple: true, nullable: true })
  get allocatedOn(): string | null {
    return this.row.allocatedOn;
  }
}
