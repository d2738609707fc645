import { Field, ID, ObjectType, registerEnumType } from 'type-graphql';
import { connectionType } from '../common/connection.type.js';
import { MoneyType } from '../common/money.type.js';
import { Node } from '../common/node.type.js';
import { DateScalar } from '../common/scalars.js';
import { documentNodeId } from './document-node-id.js';
import type { DocumentRow } from './document-rows.js';

export const PaymentOriginEnum = { LAYER: 'LAYER', SAGE: 'SAGE' } as const;
registerEnumType(PaymentOriginEnum, { name: 'PaymentOrigin' });

@ObjectType('Payment', {
  implements: Node,
  description:
    'A payment as The Layer shows it: entered in The Layer and sent to Sage as a receipt, or a matched receipt from Sage.',
})
export class PaymentType extends Node {
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

  @Field(() => String, { simple: true, nullable: true, description: 'Null for a payment that came from Sage.' })
  get layerId(): string | null {
    return this.row.origin === 'SAGE' ? null : this.row.layerId;
  }

  @Field(() => PaymentOriginEnum, { simple: true })
  get origin(): keyof typeof PaymentOriginEnum {
    return this.row.origin;
  }

  @Field(() => DateScalar, { simple: true })
  get paidOn(): string {
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

export const PaymentConnection = connectionType('Payment', () => PaymentType);
