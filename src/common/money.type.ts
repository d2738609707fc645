import { Field, ObjectType } from 'type-graphql';
import { Money } from './money.js';
import { CurrencyCodeScalar, DecimalScalar } from './scalars.js';

/** Money in the schema: the class Money itself answers these fields. */
@ObjectType('Money', { simpleResolvers: true })
export class MoneyType {
  @Field(() => DecimalScalar)
  amount!: string;

  @Field(() => CurrencyCodeScalar)
  currency!: string;

  static ofMinor(minor: bigint | number, currency: string): MoneyType {
    return Money.ofMinor(minor, currency);
  }
}
