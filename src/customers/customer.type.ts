import { Field, ID, ObjectType, registerEnumType } from 'type-graphql';
import { connectionType } from '../common/connection.type.js';
import { encodeNodeId } from '../common/node-id.js';
import { Node } from '../common/node.type.js';
import type { CustomerRow } from './customer-rows.js';
import { CUSTOMER_SYNC_STATUSES, type CustomerSyncStatus } from './customer-sync-status.js';

export const CustomerSyncStatusEnum = Object.fromEntries(CUSTOMER_SYNC_STATUSES.map((name) => [name, name])) as {
  [K in CustomerSyncStatus]: K;
};
registerEnumType(CustomerSyncStatusEnum, { name: 'CustomerSyncStatus' });

@ObjectType('Customer', { implements: Node, description: 'A customer of The Layer.' })
export class CustomerType extends Node {
  constructor(
    readonly instanceId: number,
    readonly row: CustomerRow,
  ) {
    super();
  }

  @Field(() => ID, { simple: true })
  get id(): string {
    return encodeNodeId(this.instanceId, 'Customer', this.row.layerId);
  }

  @Field(() => String, { simple: true, description: "The Layer's CustomerId." })
  get layerId(): string {
    return this.row.layerId;
  }

  @Field(() => String, { simple: true })
  get name(): string {
    return this.row.name;
  }

  @Field(() => String, { simple: true, nullable: true })
  get email(): string | null {
    return this.row.email;
  }

  @Field(() => String, { simple: true, nullable: true })
  get website(): string | null {
    return this.row.website;
  }

  @Field(() => String, { simple: true, nullable: true })
  get telephone(): string | null {
    return this.row.telephone;
  }

  @Field(() => String, { simple: true, nullable: true })
  get fax(): string | null {
    return this.row.fax;
  }

  @Field(() => String, { simple: true, nullable: true })
  get vatNumber(): string | null {
    return this.row.vatNumber;
  }

  @Field(() => CustomerSyncStatusEnum, {
    simple: true,
    description: 'Whether the customer stands in Sage as The Layer has it. SYNCED once it is linked to an account.',
  })
  get syncStatus(): CustomerSyncStatus {
    return this.row.syncStatus;
  }
}

export const CustomerConnection = connectionType('Customer', () => CustomerType);
