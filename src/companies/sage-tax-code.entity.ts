import { Column, Entity, PrimaryColumn } from 'typeorm';

/** A VAT rate of a company; postings name it by its id, people by its code. */
@Entity('sage_tax_code')
export class SageTaxCodeEntity {
  @PrimaryColumn({ name: 'instance_id', type: 'int' })
  instanceId!: number;

  @PrimaryColumn({ name: 'company_id', type: 'int' })
  companyId!: number;

  @PrimaryColumn({ name: 'sage_id', type: 'bigint' })
  sageId!: number | string;

  @Column({ name: 'code', type: 'int' })
  code!: number;

  @Column({ name: 'name', type: 'varchar', length: 60 })
  name!: string;

  @Column({ name: 'rate_percent', type: 'varchar', length: 20 })
  ratePercent!: string;

  @Column({ name: 'is_active', type: 'boolean' })
  isActive!: boolean | number;
}
