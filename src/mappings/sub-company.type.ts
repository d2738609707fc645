import { Field, ID, ObjectType } from 'type-graphql';
import { Node } from '../common/node.type.js';
import { DEFAULT_SUB_COMPANY } from './mapping-kind.js';
import type { SubjectRow } from './mapping-rows.js';
import { subjectNodeId } from './subject-node-id.js';

@ObjectType('SubCompany', {
  implements: Node,
  description: 'A sub-company of The Layer, and the Sage company it posts to.',
})
export class SubCompanyType extends Node {
  constructor(
    readonly instanceId: number,
    readonly row: SubjectRow,
  ) {
    super();
  }

  @Field(() => ID, { simple: true })
  get id(): string {
    return subjectNodeId(this.instanceId, 'SUB_COMPANY', this.row.layerId);
  }

  @Field(() => String, {
    simple: true,
    nullable: true,
    description: 'Null on the default row, which stands for an instance without sub-companies.',
  })
  get layerId(): string | null {
    return this.isDefault ? null : this.row.layerId;
  }

  @Field(() => String, { simple: true })
  get name(): string {
    return this.row.name;
  }

  @Field(() => Boolean, { simple: true })
  get isDefault(): boolean {
    return this.row.layerId === DEFAULT_SUB_COMPANY;
  }
}
