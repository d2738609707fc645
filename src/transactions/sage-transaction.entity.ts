import { Column, Entity, PrimaryColumn } from 'typeorm';

/** One transaction of Sage's sales ledger, posted or historical, keyed by its URN. */
@Entity('sage_transaction')
export class SageTransactionEntity {
  @PrimaryColumn({ name: 'instance_id', type: 'int' })
  instanceId!: number;

  @PrimaryColumn({ name: 'company_id', type: 'int' })
  companyId!: number;

  @PrimaryColumn({ name: 'urn', type: 'varchar', length: 20 })
  urn!: string;

  @Column({ name: 'sage_id', type: 'bigint' })
  sageId!: number | string;

  @Column({ name: 'account_sage_id', type: 'bigint' })
  accountSageId!: number | string;

  @Column({ name: 'kind', type: 'varchar', length: 20 })
  kind!: string;

  @Column({ name: 'reference', type: 'varchar', length: 20 })
  reference!: string;

  @Column({ name: 'reference_folded', type: 'varchar', length: 40 })
  referenceFolded!: string;

  @Column({ name: 'second_reference', type: 'varchar', length: 20 })
  secondReference!: string;

  @Column({ name: 'second_reference_folded', type: 'varchar', length: 40 })
  secondReferenceFolded!: string;

  @Column({ name: 'transaction_date', type: 'date' })
  transactionDate!: string;

  @Column({ name: 'posted_date', type: 'date', nullable: true })
  postedDate!: string | null;

  @Column({ name: 'due_date', type: 'date', nullable: true })
  dueDate!: string | null;

  @Column({ name: 'currency', type: 'varchar', length: 3 })
  currency!: string;

  @Column({ name: 'gross_minor', type: 'bigint' })
  grossMinor!: number | string;

  @Column({ name: 'net_minor', type: 'bigint' })
  netMinor!: number | string;

  @Column({ name: 'tax_minor', type: 'bigint' })
  taxMinor!: number | string;

  @Column({ name: 'allocated_minor', type: 'bigint' })
  allocatedMinor!: number | string;

  @Column({ name: 'outstanding_minor', type: 'bigint' })
  outstandingMinor!: number | string;

  @Column({ name: 'base_gross_minor', type: 'bigint', nullable: true })
  baseGrossMinor!: number | string | null;

  @Column({ name: 'base_outstanding_minor', type: 'bigint', nullable: true })
  baseOutstandingMinor!: number | string | null;

  @Column({ name: 'exchange_rate', type: 'varchar', length: 20, nullable: true })
  exchangeRate!: string | null;

  @Column({ name: 'query_letter', type: 'varchar', length: 1 })
  queryLetter!: string;

  @Column({ name: 'is_open', type: 'boolean' })
  isOpen!: boolean | number;

  @Column({ name: 'place', type: 'int' })
  place!: number;

  @Column({ name: 'updated_at', type: 'varchar', length: 24, nullable: true })
  updatedAt!: string | null;

  @Column({ name: 'content_hash', type: 'varchar', length: 16 })
  contentHash!: string;

  @Column({ name: 'seen_at', type: 'bigint' })
  seenAt!: number | string;

  @Column({ name: 'deleted_at', type: 'bigint', nullable: true })
  deletedAt!: number | string | null;
}
