import { Column, Entity, PrimaryColumn } from 'typeorm';

/** A document of The Layer: invoice, payment, credit note, refund. Amounts are positive, in minor units. */
@Entity('document')
export class DocumentEntity {
  @PrimaryColumn({ name: 'instance_id', type: 'int' })
  instanceId!: number;

  @PrimaryColumn({ name: 'kind', type: 'varchar', length: 12 })
  kind!: string;

  @PrimaryColumn({ name: 'layer_id', type: 'varchar', length: 64 })
  layerId!: string;

  @Column({ name: 'layer_id_folded', type: 'varchar', length: 64 })
  layerIdFolded!: string;

  @Column({ name: 'reference', type: 'varchar', length: 20, nullable: true })
  reference!: string | null;

  @Column({ name: 'reference_folded', type: 'varchar', length: 40 })
  referenceFolded!: string;

  @Column({ name: 'customer_layer_id', type: 'varchar', length: 64 })
  customerLayerId!: string;

  @Column({ name: 'sub_company_layer_id', type: 'varchar', length: 64, nullable: true })
  subCompanyLayerId!: string | null;

  @Column({ name: 'payment_method_layer_id', type: 'varchar', length: 64, nullable: true })
  paymentMethodLayerId!: string | null;

  @Column({ name: 'dated_on', type: 'date' })
  datedOn!: string;

  @Column({ name: 'due_on', type: 'date', nullable: true })
  dueOn!: string | null;

  @Column({ name: 'currency', type: 'varchar', length: 3 })
  currency!: string;

  @Column({ name: 'is_currency_given', type: 'boolean' })
  isCurrencyGiven!: boolean | number;

  @Column({ name: 'net_minor', type: 'bigint' })
  netMinor!: number | string;

  @Column({ name: 'vat_minor', type: 'bigint' })
  vatMinor!: number | string;

  @Column({ name: 'gross_minor', type: 'bigint' })
  grossMinor!: number | string;

  @Column({ name: 'returns_kind', type: 'varchar', length: 12, nullable: true })
  returnsKind!: string | null;

  @Column({ name: 'returns_layer_id', type: 'varchar', length: 64, nullable: true })
  returnsLayerId!: string | null;

  @Column({ name: 'registered_company_id', type: 'int', nullable: true })
  registeredCompanyId!: number | null;

  @Column({ name: 'registered_urn', type: 'varchar', length: 20, nullable: true })
  registeredUrn!: string | null;

  @Column({ name: 'content_hash', type: 'varchar', length: 16 })
  contentHash!: string;

  @Column({ name: 'push_id', type: 'varchar', length: 32, nullable: true })
  pushId!: string | null;

  @Column({ name: 'created_at', type: 'bigint' })
  createdAt!: number | string;

  @Column({ name: 'updated_at', type: 'bigint' })
  updatedAt!: number | string;

  /** LAYER; SAGE for the payment that a matched receipt makes. */
  @Column({ name: 'origin', type: 'varchar', length: 5, default: 'LAYER' })
  origin!: string;

  /** When the match that made this payment was undone. */
  @Column({ name: 'reversed_at', type: 'bigint', nullable: true })
  reversedAt!: number | string | null;

  /** Of an invoice: what is neither paid nor credited (refresh-outstanding.ts). */
  @Column({ name: 'outstanding_minor', type: 'bigint', default: 0 })
  outstandingMinor!: number | string;
}
