import { Field, ID, ObjectType, registerEnumType } from 'type-graphql';
import { encodeNodeId } from '../common/node-id.js';
import { Node } from '../common/node.type.js';
import type { PushRow } from './push-rows.js';
import { PUSH_KINDS, PUSH_STATUSES, type PushKind, type PushStatus } from './push-status.js';

export const PushKindEnum = Object.fromEntries(PUSH_KINDS.map((kind) => [kind, kind])) as { [K in PushKind]: K };
registerEnumType(PushKindEnum, { name: 'PushKind' });

export const PushStatusEnum = Object.fromEntries(PUSH_STATUSES.map((status) => [status, status])) as {
  [K in PushStatus]: K;
};
registerEnumType(PushStatusEnum, { name: 'PushStatus' });

@ObjectType('Push', { implements: Node, description: 'One document on its way to Sage, or there, or refused.' })
export class PushType extends Node {
  constructor(
    readonly instanceId: number,
    readonly row: PushRow,
  ) {
    super();
  }

  @Field(() => ID, { simple: true })
  get id(): string {
    return encodeNodeId(this.instanceId, 'Push', this.row.id);
  }

  @Field(() => PushKindEnum, { simple: true })
  get kind(): PushKind {
    return this.row.kind;
  }

  @Field(() => PushStatusEnum, { simple: true })
  get status(): PushStatus {
    return this.row.status;
  }
}
