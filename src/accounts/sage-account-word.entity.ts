import { Entity, PrimaryColumn } from 'typeorm';

/** The words by which accounts are found. */
@Entity('sage_account_word')
export class SageAccountWordEntity {
  @PrimaryColumn({ name: 'instance_id', type: 'int' })
  instanceId!: number;

  @PrimaryColumn({ name: 'word', type: 'varchar', length: 40 })
  word!: string;

  @PrimaryColumn({ name: 'company_id', type: 'int' })
  companyId!: number;

  @PrimaryColumn({ name: 'sage_id', type: 'bigint' })
  sageId!: number | string;
}
