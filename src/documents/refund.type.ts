import { Field, ID, ObjectType } from 'type-graphql';
import { connectionType } from '../common/connection.type.js';
import { MoneyType } from '../common/money.type.js';
import { Node } from '../common/node.type.js';
import { DateScalar } from '../common/scalars.js';
import { documentNodeId } from './document-node-id.js';
import type { DocumentRow } from './document-rows.js';

@ObjectType('Refund', { implements: Node, description: 'Money given back to a customer. The amount is positive.' })
export class RefundType extends Node {
  constructor(
    readonly instanceId: number,
    readonly row: DocumentRow,
  ) {
    super();
  }

  @Field(() => ID, { simple: true })
  get id(): string {
    return documentNodeId(this.instanceId, this.row);
  }

  @Field(() => String, { simple: true })
  get layerId(): string {
    return this.row.layerId;
  }

  @Field(() => DateScalar, { simple: true })
  get refundedOn(): string {
    return this.row.datedOn;
  }

  @Field(() => MoneyType, { simple: true })
  get amount(): MoneyType {
    return MoneyType.ofMinor(this.row.grossMinor, this.row.currency);
  }

  @Field(() => String, { simple: true, nullable: true, description: 'The reference in Sage.' })
  get reference(): string | null {
    return this.row.reference;
  }
}

export const RefundConnection = connectionType('Refund', () => RefundType);
