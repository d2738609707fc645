import { Field, ID, ObjectType } from 'type-graphql';
import { encodeNodeId } from '../common/node-id.js';
import { Node } from '../common/node.type.js';

@ObjectType('SubCompany', {
  implements: Node,
  description: 'A sub-company of The Layer, and the Sage company it posts to.',
})
export class SubCompanyType extends Node {
  constructor(
    readonly instanceId: number,
    readonly row: { layerId: string; name: string },
  ) {
    super();
  }

  @Field(() => ID, { simple: true })
  get id(): string {
    return encodeNodeId(this.instanceId, 'SubCompany', this.row.layerId);
  }

  @Field(() => String, { simple: true, nullable: true })
  get layerId(): string | null {
    return this.isDefault ? null : this.row.layerId;
  }

  @Field(() => String, { simple: true })
  get name(): string {
    return this.row.name;
  }

  @Field(() => Boolean, { simple: true })
  get isDefault(): boolean {
    return this.row.layerId === '';
  }
}
