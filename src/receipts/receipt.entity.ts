import { Column, Entity, PrimaryColumn } from 'typeorm';

/** A receipt or refund of Sage's ledger as The Layer sees it: positive for money in, in minor units. */
@Entity('receipt')
export class ReceiptEntity {
  @PrimaryColumn({ name: 'instance_id', type: 'int' })
  instanceId!: number;

  @PrimaryColumn({ name: 'company_id', type: 'int' })
  companyId!: number;

  @PrimaryColumn({ name: 'urn', type: 'varchar', length: 20 })
  urn!: string;

  /** RECEIPT or REFUND. */
  @Column({ name: 'kind', type: 'varchar', length: 20 })
  kind!: string;

  /** SAGE, or LAYER for what the gateway has posted. */
  @Column({ name: 'origin', type: 'varchar', length: 5 })
  origin!: string;

  @Column({ name: 'account_sage_id', type: 'bigint' })
  accountSageId!: number | string;

  @Column({ name: 'received_on', type: 'date' })
  receivedOn!: string;

  @Column({ name: 'currency', type: 'varchar', length: 3 })
  currency!: string;

  @Column({ name: 'amount_minor', type: 'bigint' })
  amountMinor!: number | string;

  /** What matches that stand have used of it. */
  @Column({ name: 'matched_minor', type: 'bigint' })
  matchedMinor!: number | string;

  /** What Sage has allocated of it, without sign. */
  @Column({ name: 'allocated_minor', type: 'bigint' })
  allocatedMinor!: number | string;

  /** Follows from the other columns (receipt-status.ts); kept for the lists. */
  @Column({ name: 'status', type: 'varchar', length: 16 })
  status!: string;

  @Column({ name: 'ignored_at', type: 'bigint', nullable: true })
  ignoredAt!: number | string | null;
}
