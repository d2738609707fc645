import { Column, Entity, PrimaryColumn } from 'typeorm';

/** A customer's ledger account as Sage states it. */
@Entity('sage_account')
export class SageAccountEntity {
  @PrimaryColumn({ name: 'instance_id', type: 'int' })
  instanceId!: number;

  @PrimaryColumn({ name: 'company_id', type: 'int' })
  companyId!: number;

  @PrimaryColumn({ name: 'sage_id', type: 'bigint' })
  sageId!: number | string;

  @Column({ name: 'account_number', type: 'varchar', length: 20 })
  accountNumber!: string;

  @Column({ name: 'account_number_folded', type: 'varchar', length: 40 })
  accountNumberFolded!: string;

  @Column({ name: 'name', type: 'varchar', length: 60 })
  name!: string;

  @Column({ name: 'short_name', type: 'varchar', length: 8, nullable: true })
  shortName!: string | null;

  @Column({ name: 'currency', type: 'varchar', length: 3 })
  currency!: string;

  @Column({ name: 'balance_minor', type: 'bigint' })
  balanceMinor!: number | string;

  @Column({ name: 'credit_limit_minor', type: 'bigint' })
  creditLimitMinor!: number | string;

  @Column({ name: 'is_over_credit_limit', type: 'boolean' })
  isOverCreditLimit!: boolean | number;

  @Column({ name: 'on_hold', type: 'boolean' })
  onHold!: boolean | number;

  @Column({ name: 'status_reason', type: 'varchar', length: 256, nullable: true })
  statusReason!: string | null;

  @Column({ name: 'is_active', type: 'boolean' })
  isActive!: boolean | number;

  @Column({ name: 'telephone', type: 'varchar', length: 227, nullable: true })
  telephone!: string | null;

  @Column({ name: 'fax', type: 'varchar', length: 227, nullable: true })
  fax!: string | null;

  @Column({ name: 'website', type: 'varchar', length: 200, nullable: true })
  website!: string | null;

  @Column({ name: 'vat_number', type: 'varchar', length: 30, nullable: true })
  vatNumber!: string | null;

  @Column({ name: 'address', type: 'text', nullable: true })
  address!: string | null;

  @Column({ name: 'updated_at', type: 'varchar', length: 24, nullable: true })
  updatedAt!: string | null;

  @Column({ name: 'content_hash', type: 'varchar', length: 16 })
  contentHash!: string;

  @Column({ name: 'seen_at', type: 'bigint' })
  seenAt!: number | string;

  @Column({ name: 'deleted_at', type: 'bigint', nullable: true })
  deletedAt!: number | string | null;
}
