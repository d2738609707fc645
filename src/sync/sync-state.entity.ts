import { Column, Entity, PrimaryColumn } from 'typeorm';

/** How a pull stands: schedule, lease, cursor, last success. */
@Entity('sync_state')
export class SyncStateEntity {
  @PrimaryColumn({ name: 'instance_id', type: 'int' })
  instanceId!: number;

  @PrimaryColumn({ name: 'company_id', type: 'int' })
  companyId!: number;

  @PrimaryColumn({ name: 'resource', type: 'varchar', length: 20 })
  resource!: string;

  @Column({ name: 'state', type: 'varchar', length: 10 })
  state!: string;

  @Column({ name: 'is_full', type: 'boolean' })
  isFull!: boolean | number;

  @Column({ name: 'pass_name', type: 'varchar', length: 20 })
  passName!: string;

  @Column({ name: 'after_id', type: 'bigint' })
  afterId!: number | string;

  @Column({ name: 'updated_since', type: 'varchar', length: 24, nullable: true })
  updatedSince!: string | null;

  @Column({ name: 'next_updated_since', type: 'varchar', length: 24, nullable: true })
  nextUpdatedSince!: string | null;

  @Column({ name: 'run_started_at', type: 'bigint', nullable: true })
  runStartedAt!: number | string | null;

  @Column({ name: 'rows_read', type: 'int' })
  rowsRead!: number;

  @Column({ name: 'rows_expected', type: 'int', nullable: true })
  rowsExpected!: number | null;

  @Column({ name: 'completed_start_at', type: 'bigint', nullable: true })
  completedStartAt!: number | string | null;

  @Column({ name: 'succeeded_at', type: 'bigint', nullable: true })
  succeededAt!: number | string | null;

  @Column({ name: 'swept_at', type: 'bigint', nullable: true })
  sweptAt!: number | string | null;

  @Column({ name: 'due_at', type: 'bigint' })
  dueAt!: number | string;

  @Column({ name: 'is_full_wanted', type: 'boolean' })
  isFullWanted!: boolean | number;

  @Column({ name: 'failures', type: 'int' })
  failures!: number;

  @Column({ name: 'message', type: 'varchar', length: 500, nullable: true })
  message!: string | null;

  @Column({ name: 'lease_owner', type: 'varchar', length: 40, nullable: true })
  leaseOwner!: string | null;

  @Column({ name: 'lease_until', type: 'bigint' })
  leaseUntil!: number | string;
}
