import { Column, Entity, PrimaryColumn } from 'typeorm';

/** Rows of Sage that could not be taken, with the reason. */
@Entity('sync_quarantine')
export class SyncQuarantineEntity {
  @PrimaryColumn({ name: 'instance_id', type: 'int' })
  instanceId!: number;

  @PrimaryColumn({ name: 'company_id', type: 'int' })
  companyId!: number;

  @PrimaryColumn({ name: 'resource', type: 'varchar', length: 20 })
  resource!: string;

  @PrimaryColumn({ name: 'row_key', type: 'varchar', length: 64 })
  rowKey!: string;

  @Column({ name: 'reason', type: 'varchar', length: 500 })
  reason!: string;

  @Column({ name: 'row_text', type: 'text' })
  rowText!: string;

  @Column({ name: 'first_seen_at', type: 'bigint' })
  firstSeenAt!: number | string;

  @Column({ name: 'last_seen_at', type: 'bigint' })
  lastSeenAt!: number | string;
}
