import { Column, Entity, PrimaryColumn } from 'typeorm';

/** What a transaction is allocated to, one row an item. */
@Entity('sage_allocation')
export class SageAllocationEntity {
  @PrimaryColumn({ name: 'instance_id', type: 'int' })
  instanceId!: number;

  @PrimaryColumn({ name: 'company_id', type: 'int' })
  companyId!: number;

  @PrimaryColumn({ name: 'urn', type: 'varchar', length: 20 })
  urn!: string;

  @PrimaryColumn({ name: 'line_no', type: 'int' })
  lineNo!: number;

  @Column({ name: 'other_urn', type: 'varchar', length: 20 })
  otherUrn!: string;

  @Column({ name: 'other_reference', type: 'varchar', length: 20 })
  otherReference!: string;

  @Column({ name: 'amount_minor', type: 'bigint' })
  amountMinor!: number | string;

  @Column({ name: 'allocated_on', type: 'date', nullable: true })
  allocatedOn!: string | null;
}
