import { Field, ID, ObjectType } from 'type-graphql';
import { connectionType } from '../common/connection.type.js';
import { encodeNodeId } from '../common/node-id.js';
import { DateTimeScalar } from '../common/scalars.js';
import type { AuditEntryRow } from './audit-list.js';

@ObjectType('AuditEntry')
export class AuditEntryType {
  constructor(
    readonly instanceId: number,
    readonly row: AuditEntryRow,
  ) {}

  @Field(() => ID, { simple: true })
  get id(): string {
    return encodeNodeId(this.instanceId, 'AuditEntry', this.row.id);
  }

  @Field(() => DateTimeScalar, { simple: true })
  get at(): Date {
    return new Date(this.row.at);
  }

  @Field(() => String, { simple: true, description: 'The subject of the token, or "gateway".' })
  get who(): string {
    return this.row.who;
  }

  @Field(() => String, {
    simple: true,
    description: 'e.g. RECEIPT_MATCHED, MATCH_UNDONE, PUSH_SKIPPED, MAPPING_CHANGED.',
  })
  get action(): string {
    return this.row.action;
  }

  @Field(() => ID, { simple: true })
  get subjectId(): string {
    return this.row.subjectId;
  }

  @Field(() => String, { simple: true, nullable: true })
  get reason(): string | null {
    return this.row.reason;
  }

  @Field(() => String, { simple: true, description: 'What changed, in plain words.' })
  get summary(): string {
    return this.row.summary;
  }
}

export const AuditEntryConnection = connectionType('AuditEntry', () => AuditEntryType);
