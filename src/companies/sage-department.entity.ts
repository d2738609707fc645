import { Column, Entity, PrimaryColumn } from 'typeorm';

/** A department, the third part of a nominal account. */
@Entity('sage_department')
export class SageDepartmentEntity {
  @PrimaryColumn({ name: 'instance_id', type: 'int' })
  instanceId!: number;

  @PrimaryColumn({ name: 'company_id', type: 'int' })
  companyId!: number;

  @PrimaryColumn({ name: 'sage_id', type: 'bigint' })
  sageId!: number | string;

  @Column({ name: 'code', type: 'varchar', length: 20 })
  code!: string;

  @Column({ name: 'name', type: 'varchar', length: 60 })
  name!: string;

  @Column({ name: 'is_active', type: 'boolean' })
  isActive!: boolean | number;
}
