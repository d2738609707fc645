import { Field, ID, Int, ObjectType } from 'type-graphql';
import { MoneyType } from '../common/money.type.js';
import { decodeNodeIdOf, encodeNodeId } from '../common/node-id.js';
import type { ErrorGroupKey, ErrorGroupRow } from './error-groups.js';

@ObjectType('ErrorGroup', { description: 'One cause: the same code about the same subject.' })
export class ErrorGroupType {
  constructor(
    readonly instanceId: number,
    readonly row: ErrorGroupRow,
  ) {}

  @Field(() => ID, { simple: true, description: 'Pass it to retryPushes.' })
  get key(): string {
    return encodeNodeId(this.instanceId, 'ErrorGroup', this.row.code, this.row.causeKey, this.row.pushId);
  }

  @Field(() => String, { simple: true })
  get code(): string {
    return this.row.code;
  }

  @Field(() => String, {
    simple: true,
    nullable: true,
    description: 'What it is about, e.g. "nominal code 4100 in Sage company Comms Ltd".',
  })
  get subject(): string | null {
    return this.row.subject;
  }

  @Field(() => String, { simple: true })
  get message(): string {
    return this.row.message;
  }

  @Field(() => String, { simple: true })
  get remedy(): string {
    return this.row.remedy;
  }

  @Field(() => Int, { simple: true })
  get count(): number {
    return this.row.count;
  }

  @Field(() => [MoneyType], {
    simple: true,
    description: 'Total of the documents that it blocks, one entry per currency.',
  })
  get blocked(): MoneyType[] {
    return this.row.blocked.map(({ minor, currency }) => MoneyType.ofMinor(minor, currency));
  }
}

/** What a key of the error queue names; null for what is none, or another instance's. */
export function errorGroupOfKey(instanceId: number, key: string): ErrorGroupKey | null {
  const parts = decodeNodeIdOf(instanceId, 'ErrorGroup', key);
  if (parts?.length !== 3) return null;
  const [code, causeKey, pushId] = parts as [string, string, string];
  return { code, causeKey, pushId };
}
