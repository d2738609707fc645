import { Column, Entity, PrimaryColumn } from 'typeorm';

/** One company of the Sage 200 account. */
@Entity('sage_company')
export class SageCompanyEntity {
  @PrimaryColumn({ name: 'instance_id', type: 'int' })
  instanceId!: number;

  @PrimaryColumn({ name: 'id', type: 'int' })
  id!: number;

  @Column({ name: 'site_id', type: 'varchar', length: 36 })
  siteId!: string;

  @Column({ name: 'sage_company_id', type: 'int' })
  sageCompanyId!: number;

  @Column({ name: 'name', type: 'varchar', length: 100 })
  name!: string;

  @Column({ name: 'currency', type: 'varchar', length: 3 })
  currency!: string;

  @Column({ name: 'ageing_period_starts', type: 'varchar', length: 100 })
  ageingPeriodStarts!: string;

  @Column({ name: 'is_active', type: 'boolean' })
  isActive!: boolean | number;

  @Column({ name: 'seen_at', type: 'bigint' })
  seenAt!: number | string;
}
