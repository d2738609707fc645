import { Column, Entity, PrimaryColumn } from 'typeorm';

/** A bank account of a company; payment methods are mapped to it. */
@Entity('sage_bank_account')
export class SageBankAccountEntity {
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

  @Column({ name: 'currency', type: 'varchar', length: 3 })
  currency!: string;

  @Column({ name: 'is_active', type: 'boolean' })
  isActive!: boolean | number;
}
