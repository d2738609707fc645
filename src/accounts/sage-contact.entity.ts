import { Column, Entity, PrimaryColumn } from 'typeorm';

/** A contact of a Sage account. */
@Entity('sage_contact')
export class SageContactEntity {
  @PrimaryColumn({ name: 'instance_id', type: 'int' })
  instanceId!: number;

  @PrimaryColumn({ name: 'company_id', type: 'int' })
  companyId!: number;

  @PrimaryColumn({ name: 'account_sage_id', type: 'bigint' })
  accountSageId!: number | string;

  @PrimaryColumn({ name: 'sage_id', type: 'bigint' })
  sageId!: number | string;

  @Column({ name: 'first_name', type: 'varchar', length: 60, nullable: true })
  firstName!: string | null;

  @Column({ name: 'last_name', type: 'varchar', length: 60, nullable: true })
  lastName!: string | null;

  @Column({ name: 'name', type: 'varchar', length: 180, nullable: true })
  name!: string | null;

  @Column({ name: 'email', type: 'varchar', length: 227, nullable: true })
  email!: string | null;

  @Column({ name: 'telephone', type: 'varchar', length: 227, nullable: true })
  telephone!: string | null;

  @Column({ name: 'is_default', type: 'boolean' })
  isDefault!: boolean | number;
}
