import { Field, ID, Int, ObjectType, registerEnumType } from 'type-graphql';
import { connectionType } from '../common/connection.type.js';
import { MoneyType } from '../common/money.type.js';
import { encodeNodeId } from '../common/node-id.js';
import { Node } from '../common/node.type.js';
import { DateTimeScalar } from '../common/scalars.js';
import type { AccountRow } from './account-rows.js';

@ObjectType('Freshness', {
  simpleResolvers: true,
  description: 'How old a cached figure is. Every figure that comes from Sage carries one.',
})
export class FreshnessType {
  @Field(() => DateTimeScalar, {
    description:
      'When Sage last said so, or would have said otherwise: the older of the starts of the last complete pulls of customers and of transactions in that company.',
  })
  asOf!: Date;

  @Field(() => Int)
  ageSeconds!: number;

  @Field({
    description: 'True when older than three pull intervals and ten seconds, or when the connection to Sage is down.',
  })
  stale!: boolean;
}

export const AgeingBasisEnum = { TRANSACTION_DATE: 'TRANSACTION_DATE', DUE_DATE: 'DUE_DATE' } as const;
registerEnumType(AgeingBasisEnum, { name: 'AgeingBasis' });

@ObjectType('AgedDebtBucket', { simpleResolvers: true })
export class AgedDebtBucketType {
  @Field({ description: "Current, 30, 60 … as the Sage company's ageing periods name them." })
  label!: string;

  @Field(() => Int)
  fromDays!: number;

  @Field(() => Int, { nullable: true })
  toDays!: number | null;

  @Field(() => MoneyType)
  amount!: MoneyType;
}

@ObjectType('SageAccount', { implements: Node, description: "A customer's ledger account in one Sage company." })
export class SageAccountType extends Node {
  constructor(
    readonly instanceId: number,
    readonly row: AccountRow,
  ) {
    super();
  }

  @Field(() => ID, { simple: true })
  get id(): string {
    return encodeNodeId(this.instanceId, 'SageAccount', this.row.companyId, this.row.sageId);
  }

  @Field(() => String, { simple: true, description: "Sage's own record id." })
  get sageCustomerId(): string {
    return String(this.row.sageId);
  }

  @Field(() => String, { simple: true, description: "Sage's account reference, e.g. ABB001." })
  get accountNumber(): string {
    return this.row.accountNumber;
  }

  @Field(() => String, { simple: true })
  get name(): string {
    return this.row.name;
  }

  @Field(() => MoneyType, {
    simple: true,
    description: "What the customer owes, in the account's currency, as Sage states it. Negative: in credit.",
  })
  get balance(): MoneyType {
    return MoneyType.ofMinor(this.row.balanceMinor, this.row.currency);
  }

  @Field(() => MoneyType, { simple: true, nullable: true, description: 'Null: no limit (Sage holds 0).' })
  get creditLimit(): MoneyType | null {
    return this.hasLimit ? MoneyType.ofMinor(this.row.creditLimitMinor, this.row.currency) : null;
  }

  @Field(() => MoneyType, {
    simple: true,
    nullable: true,
    description: 'Credit limit less balance; null where there is no limit.',
  })
  get availableCredit(): MoneyType | null {
    return this.hasLimit
      ? MoneyType.ofMinor(this.row.creditLimitMinor - this.row.balanceMinor, this.row.currency)
      : null;
  }

  @Field(() => Boolean, { simple: true })
  get isOverCreditLimit(): boolean {
    return this.row.isOverCreditLimit;
  }

  @Field(() => Boolean, { simple: true })
  get onHold(): boolean {
    return this.row.onHold;
  }

  @Field(() => String, {
    simple: true,
    nullable: true,
    description: 'The reason typed in Sage for hold or hiding; given whenever there is one.',
  })
  get statusReason(): string | null {
    return this.row.statusReason === '' ? null : this.row.statusReason;
  }

  @Field(() => Boolean, { simple: true, description: 'Active, or hidden in Sage.' })
  get isActive(): boolean {
    return this.row.isActive;
  }

  private get hasLimit(): boolean {
    return this.row.creditLimitMinor !== 0n;
  }
}

export const SageAccountConnection = connectionType('SageAccount', () => SageAccountType);
