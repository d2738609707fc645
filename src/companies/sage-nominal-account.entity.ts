import { Column, Entity, PrimaryColumn } from 'typeorm';

/** A nominal account: the triple reference, cost centre, department. */
@Entity('sage_nominal_account')
export class SageNominalAccountEntity {
  @PrimaryColumn({ name: 'instance_id', type: 'int' })
  instanceId!: number;

  @PrimaryColumn({ name: 'company_id', type: 'int' })
  companyId!: number;

  @PrimaryColumn({ name: 'sage_id', type: 'bigint' })
  sageId!: number | string;

  @Column({ name: 'reference', type: 'varchar', length: 20 })
  reference!: string;

  @Column({ name: 'cost_centre', type: 'varchar', length: 20 })
  costCentre!: string;

  @Column({ name: 'department', type: 'varchar', length: 20 })
  department!: string;

  @Column({ name: 'name', type: 'varchar', length: 60 })
  name!: string;

  @Column({ name: 'is_posting', type: 'boolean' })
  isPosting!: boolean | number;

  @Column({ name: 'is_active', type: 'boolean' })
  isActive!: boolean | number;

  @Column({ name: 'report_category_sage_id', type: 'bigint', nullable: true })
  reportCategorySageId!: number | string | null;
}
