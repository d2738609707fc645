import { Column, Entity, PrimaryColumn } from 'typeorm';

/** A currency of a company, by which amounts of its accounts and banks are read. */
@Entity('sage_currency')
export class SageCurrencyEntity {
  @PrimaryColumn({ name: 'instance_id', type: 'int' })
  instanceId!: number;

  @PrimaryColumn({ name: 'company_id', type: 'int' })
  companyId!: number;

  @PrimaryColumn({ name: 'sage_id', type: 'bigint' })
  sageId!: number | string;

  @Column({ name: 'iso_code', type: 'varchar', length: 3, nullable: true })
  isoCode!: string | null;

  @Column({ name: 'name', type: 'varchar', length: 30 })
  name!: string;

  @Column({ name: 'symbol', type: 'varchar', length: 4 })
  symbol!: string;

  @Column({ name: 'is_base', type: 'boolean' })
  isBase!: boolean | number;
}
