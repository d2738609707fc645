import { Column, Entity, PrimaryColumn } from 'typeorm';

/** Something that has happened, written in the transaction that caused it. */
@Entity('event')
export class EventEntity {
  @PrimaryColumn({ name: 'instance_id', type: 'int' })
  instanceId!: number;

  /** Numbered from 1 without a gap, in the order of the commits. */
  @PrimaryColumn({ name: 'sequence', type: 'bigint' })
  sequence!: number | string;

  @Column({ name: 'kind', type: 'varchar', length: 20 })
  kind!: string;

  @Column({ name: 'at', type: 'bigint' })
  at!: number | string;

  @Column({ name: 'company_id', type: 'int', nullable: true })
  companyId!: number | null;

  @Column({ name: 'account_sage_id', type: 'bigint', nullable: true })
  accountSageId!: number | string | null;

  @Column({ name: 'customer_layer_id', type: 'varchar', length: 64, nullable: true })
  customerLayerId!: string | null;

  @Column({ name: 'subject', type: 'varchar', length: 64 })
  subject!: string;

  @Column({ name: 'details', type: 'varchar', length: 255, nullable: true })
  details!: string | null;
}
