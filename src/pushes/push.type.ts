import { Field, ID, Int, ObjectType, registerEnumType } from 'type-graphql';
import { connectionType } from '../common/connection.type.js';
import { MoneyType } from '../common/money.type.js';
import { encodeNodeId } from '../common/node-id.js';
import { Node } from '../common/node.type.js';
import { DateTimeScalar } from '../common/scalars.js';
import type { PushRow } from './push-rows.js';
import { PUSH_KINDS, PUSH_STATUSES, type PushKind, type PushStatus } from './push-status.js';

export const PushKindEnum = Object.fromEntries(PUSH_KINDS.map((kind) => [kind, kind])) as { [K in PushKind]: K };
registerEnumType(PushKindEnum, { name: 'PushKind' });

export const PushStatusEnum = Object.fromEntries(PUSH_STATUSES.map((status) => [status, status])) as {
  [K in PushStatus]: K;
};
registerEnumType(PushStatusEnum, {
  name: 'PushStatus',
  valuesConfig: {
    QUEUED: { description: 'Ready to be sent.' },
    WAITING: { description: 'Another push must land first: its customer, its invoice.' },
    HELD: {
      description:
        'Cannot go until something is put right: a mapping, a closed period, the connection. Goes by itself once it is.',
    },
    UNKNOWN: { description: 'Sage may or may not have it. Nothing is sent again before Sage has been asked.' },
    FAILED: { description: 'Sage refused it, or it cannot be right. A person must change something.' },
    SKIPPED: { description: 'A person decided that it will never go.' },
  },
});

@ObjectType('PushError', { simpleResolvers: true })
export class PushErrorType {
  @Field({
    description: 'Stable, in capitals, e.g. NOMINAL_CODE_NOT_MAPPED, PERIOD_CLOSED, SAGE_REFUSED, CONNECTION_LOST.',
  })
  code!: string;

  @Field()
  message!: string;

  @Field({ description: 'What to do about it, for somebody in finance.' })
  remedy!: string;
}

@ObjectType('PushAttempt', { simpleResolvers: true })
export class PushAttemptType {
  @Field(() => DateTimeScalar)
  at!: Date;

  @Field({ description: 'LOOK_UP, POST, ALLOCATE …' })
  step!: string;

  @Field()
  outcome!: string;

  @Field(() => Int, { nullable: true })
  httpStatus!: number | null;

  @Field(() => Int)
  durationMs!: number;
}

const instant = (at: number | null) => (at === null ? null : new Date(at));

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
    return pushNodeId(this.row);
  }

  @Field(() => PushKindEnum, { simple: true })
  get kind(): PushKind {
    return this.row.kind;
  }

  @Field(() => PushStatusEnum, { simple: true })
  get status(): PushStatus {
    return this.row.status;
  }

  @Field(() => String, {
    simple: true,
    description: "The Layer's id of the document; of an ALLOCATION the match's id; of a NOMINAL_CODE the code.",
  })
  get layerId(): string {
    const { instanceId, kind, layerId } = this.row;
    return kind === 'ALLOCATION' ? encodeNodeId(instanceId, 'ReceiptMatch', layerId) : layerId;
  }

  @Field(() => MoneyType, {
    simple: true,
    nullable: true,
    description: 'Null for what has no value: a customer, a nominal code.',
  })
  get amount(): MoneyType | null {
    const { amountMinor, currency } = this.row;
    return amountMinor === null || currency === null ? null : MoneyType.ofMinor(amountMinor, currency);
  }

  @Field(() => String, {
    simple: true,
    description:
      'The key by which the gateway finds this in Sage again: for postings at most 20 characters, derived from instance, kind and layerId, in the second reference; for a customer its account number; for a nominal code the triple.',
  })
  get sageReference(): string {
    return this.row.sageReference;
  }

  @Field(() => String, {
    simple: true,
    nullable: true,
    description:
      "Sage's URN, once posted. A push with a URN can still be HELD or FAILED: its allocation is what is missing.",
  })
  get urn(): string | null {
    return this.row.urn;
  }

  @Field(() => DateTimeScalar, { simple: true, nullable: true })
  get postedAt(): Date | null {
    return instant(this.row.postedAt);
  }

  @Field(() => DateTimeScalar, { simple: true, nullable: true })
  get allocatedAt(): Date | null {
    return instant(this.row.allocatedAt);
  }

  @Field(() => Int, { simple: true })
  get attempts(): number {
    return this.row.attempts;
  }

  @Field(() => DateTimeScalar, { simple: true, nullable: true })
  get nextAttemptAt(): Date | null {
    return instant(this.row.nextAttemptAt);
  }

  @Field(() => PushErrorType, { simple: true, nullable: true })
  get error(): PushErrorType | null {
    return this.row.error;
  }

  @Field(() => DateTimeScalar, { simple: true })
  get createdAt(): Date {
    return new Date(this.row.createdAt);
  }

  @Field(() => DateTimeScalar, { simple: true })
  get updatedAt(): Date {
    return new Date(this.row.updatedAt);
  }
}

export const PushConnection = connectionType('Push', () => PushType);

/** The id of a push in the schema, as it stands in the audit trail too. */
export function pushNodeId({ instanceId, id }: Pick<PushRow, 'instanceId' | 'id'>): string {
  return encodeNodeId(instanceId, 'Push', id);
}
