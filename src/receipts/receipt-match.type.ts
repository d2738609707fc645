import { Field, ID, ObjectType, registerEnumType } from 'type-graphql';
import { MoneyType } from '../common/money.type.js';
import { Node } from '../common/node.type.js';
import { DateTimeScalar } from '../common/scalars.js';
import type { DocumentRow } from '../documents/document-rows.js';
import type { MatchOrigin, MatchRow } from './match-rows.js';
import { matchNodeId } from './receipt-node-id.js';

export const MatchOriginEnum: { [O in MatchOrigin]: O } = { MANUAL: 'MANUAL', SAGE: 'SAGE', AUTOMATIC: 'AUTOMATIC' };
registerEnumType(MatchOriginEnum, {
  name: 'MatchOrigin',
  valuesConfig: {
    SAGE: { description: 'Taken over from an allocation made in Sage.' },
    AUTOMATIC: { description: 'By a rule.' },
  },
});

@ObjectType('ReceiptMatch', {
  implements: Node,
  description: 'One receipt used on one invoice. It is a payment in The Layer from then on.',
})
export class ReceiptMatchType extends Node {
  constructor(
    readonly instanceId: number,
    readonly row: MatchRow,
    /** Of a dry run: the payment that would be made, which is not stored. */
    readonly plannedPayment: DocumentRow | null = null,
  ) {
    super();
  }

  @Field(() => ID, { simple: true })
  get id(): string {
    return matchNodeId(this.instanceId, this.row.id);
  }

  @Field(() => MoneyType, { simple: true })
  get amount(): MoneyType {
    return MoneyType.ofMinor(this.row.amountMinor, this.row.currency);
  }

  @Field(() => String, { simple: true, description: 'The subject of the token of who did it.' })
  get matchedBy(): string {
    return this.row.matchedBy;
  }

  @Field(() => DateTimeScalar, { simple: true })
  get matchedAt(): Date {
    return new Date(this.row.matchedAt);
  }

  @Field(() => MatchOriginEnum, {
    simple: true,
    description: 'MANUAL, SAGE (taken over from an allocation made in Sage), AUTOMATIC (by a rule).',
  })
  get origin(): MatchOrigin {
    return this.row.origin;
  }

  @Field(() => String, { simple: true, nullable: true, description: 'The rule that made it; null by hand.' })
  get rule(): string | null {
    return this.row.rule;
  }

  @Field(() => DateTimeScalar, { simple: true, nullable: true })
  get undoneAt(): Date | null {
    return this.row.undoneAt === null ? null : new Date(this.row.undoneAt);
  }

  @Field(() => String, { simple: true, nullable: true })
  get undoneBy(): string | null {
    return this.row.undoneBy;
  }

  @Field(() => String, { simple: true, nullable: true })
  get undoReason(): string | null {
    return this.row.undoReason;
  }
}
