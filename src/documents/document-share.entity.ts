import { Column, Entity, PrimaryColumn } from 'typeorm';

/** What a payment or a credit note has of an invoice. */
@Entity('document_share')
export class DocumentShareEntity {
  @PrimaryColumn({ name: 'instance_id', type: 'int' })
  instanceId!: number;

  /** Of the payer: PAYMENT or CREDIT_NOTE. */
  @PrimaryColumn({ name: 'kind', type: 'varchar', length: 12 })
  kind!: string;

  @PrimaryColumn({ name: 'document_layer_id', type: 'varchar', length: 64 })
  documentLayerId!: string;

  @PrimaryColumn({ name: 'share_no', type: 'int' })
  shareNo!: number;

  @Column({ name: 'invoice_layer_id', type: 'varchar', length: 64 })
  invoiceLayerId!: string;

  @Column({ name: 'line_layer_id', type: 'varchar', length: 64, nullable: true })
  lineLayerId!: string | null;

  @Column({ name: 'amount_minor', type: 'bigint' })
  amountMinor!: number | string;
}
