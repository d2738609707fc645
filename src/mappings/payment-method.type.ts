import { Field, ID, ObjectType } from 'type-graphql';
import { Node } from '../common/node.type.js';
import { SageBankAccountType } from '../companies/reference.type.js';
import { SageCompanyType } from '../companies/sage-company.type.js';
import type { SubjectRow } from './mapping-rows.js';
import { subjectNodeId } from './subject-node-id.js';

@ObjectType('PaymentMethod', {
  implements: Node,
  description: 'A payment method of The Layer, and the bank account it means in each Sage company.',
})
export class PaymentMethodType extends Node {
  constructor(
    readonly instanceId: number,
    readonly row: SubjectRow,
  ) {
    super();
  }

  @Field(() => ID, { simple: true })
  get id(): string {
    return subjectNodeId(this.instanceId, 'PAYMENT_METHOD', this.row.layerId);
  }

  @Field(() => String, { simple: true })
  get layerId(): string {
    return this.row.layerId;
  }

  @Field(() => String, { simple: true })
  get name(): string {
    return this.row.name;
  }
}

@ObjectType('PaymentMethodBank', { simpleResolvers: true })
export class PaymentMethodBank {
  @Field(() => SageCompanyType)
  sageCompany!: SageCompanyType;

  @Field(() => SageBankAccountType)
  bankAccount!: SageBankAccountType;
}
