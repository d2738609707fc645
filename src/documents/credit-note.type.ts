import { Field, ID, ObjectType } from 'type-graphql';
import { connectionType } from '../common/connection.type.js';
import { MoneyType } from '../common/money.type.js';
import { Node } from '../common/node.type.js';
import { DateScalar } from '../common/scalars.js';
import { documentNodeId } from './document-node-id.js';
import type { DocumentRow } from './document-rows.js';

@ObjectType('CreditNote', { implements: Node, description: 'A credit note of The Layer. Amounts are positive.' })
export class CreditNoteType extends Node {
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

  @Field(() => String, { simple: true, description: 'The reference in Sage.' })
  get number(): string {
    return this.row.reference ?? '';
  }

  @Field(() => DateScalar, { simple: true })
  get issuedOn(): string {
    return this.row.datedOn;
  }

  @Field(() => MoneyType, { simple: true })
  get net(): MoneyType {
    return MoneyType.ofMinor(this.row.netMinor, this.row.currency);
  }

  @Field(() => MoneyType, { simple: true })
  get vat(): MoneyType {
    return MoneyType.ofMinor(this.row.vatMinor, this.row.currency);
  }

  @Field(() => MoneyType, { simple: true })
  get gross(): MoneyType {
    return MoneyType.ofMinor(this.row.grossMinor, this.row.currency);
  }
}

export const CreditNoteConnection = connectionType('CreditNote', () => CreditNoteType);
