import { Field, ID, ObjectType } from 'type-graphql';
import { Node } from '../common/node.type.js';
import { SageNominalAccountType } from '../companies/reference.type.js';
import { SageCompanyType } from '../companies/sage-company.type.js';
import type { SubjectRow } from './mapping-rows.js';
import { subjectNodeId } from './subject-node-id.js';

@ObjectType('NominalCode', {
  implements: Node,
  description: 'A nominal code that The Layer knows, and the account it means in each Sage company.',
})
export class NominalCodeType extends Node {
  constructor(
    readonly instanceId: number,
    readonly row: SubjectRow,
  ) {
    super();
  }

  @Field(() => ID, { simple: true })
  get id(): string {
    return subjectNodeId(this.instanceId, 'NOMINAL_CODE', this.row.layerId);
  }

  @Field(() => String, { simple: true })
  get code(): string {
    return this.row.layerId;
  }

  @Field(() => String, { simple: true })
  get name(): string {
    return this.row.name;
  }
}

@ObjectType('NominalCodeAccount', { simpleResolvers: true })
export class NominalCodeAccount {
  @Field(() => SageCompanyType)
  sageCompany!: SageCompanyType;

  @Field(() => SageNominalAccountType)
  nominalAccount!: SageNominalAccountType;
}
