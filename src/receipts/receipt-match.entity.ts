import { Column, Entity, PrimaryColumn } from 'typeorm';

/** One receipt used on one invoice. Kept when it is undone. */
@Entity('receipt_match')
export class ReceiptMatchEntity {
  @PrimaryColumn({ name: 'instance_id', type: 'int' })
  instanceId!: number;

  @PrimaryColumn({ name: 'id', type: 'varchar', length: 32 })
  id!: string;

  @Column({ name: 'company_id', type: 'int' })
  companyId!: number;

  @Column({ name: 'urn', type: 'varchar', length: 20 })
  urn!: string;

  @Column({ name: 'invoice_layer_id', type: 'varchar', length: 64 })
  invoiceLayerId!: string;

  @Column({ name: 'currency', type: 'varchar', length: 3 })
  currency!: string;

  @Column({ name: 'amount_minor', type: 'bigint' })
  amountMinor!: number | string;

  /** MANUAL, SAGE or AUTOMATIC. */
  @Column({ name: 'origin', type: 'varchar', length: 10 })
  origin!: string;

  /** The rule that made it, e.g. REFERENCE_AND_AMOUNT; null by hand. */
  @Column({ name: 'rule', type: 'varchar', length: 40, nullable: true })
  rule!: string | null;

  @Column({ name: 'matched_by', type: 'varchar', length: 255 })
  matchedBy!: string;

  @Column({ name: 'matched_at', type: 'bigint' })
  matchedAt!: number | string;

  /** The push of its allocation; matches made together share one. Null where Sage had it already. */
  @Column({ name: 'push_id', type: 'varchar', length: 32, nullable: true })
  pushId!: string | null;

  @Column({ name: 'undone_at', type: 'bigint', nullable: true })
  undoneAt!: number | string | null;

  @Column({ name: 'undone_by', type: 'varchar', length: 255, nullable: true })
  undoneBy!: string | null;

  @Column({ name: 'undo_reason', type: 'varchar', length: 1000, nullable: true })
  undoReason!: string | null;

  /** It was undone here, and Sage's allocation of it still stands. */
  @Column({ name: 'is_to_undo_in_sage', type: 'boolean' })
  isToUndoInSage!: boolean | number;
}
