import { Column, Entity, PrimaryColumn } from 'typeorm';

/** A line of an invoice or a credit note; it may be negative. */
@Entity('document_line')
export class DocumentLineEntity {
  @PrimaryColumn({ name: 'instance_id', type: 'int' })
  instanceId!: number;

  @PrimaryColumn({ name: 'kind', type: 'varchar', length: 12 })
  kind!: string;

  @PrimaryColumn({ name: 'document_layer_id', type: 'varchar', length: 64 })
  documentLayerId!: string;

  @PrimaryColumn({ name: 'line_no', type: 'int' })
  lineNo!: number;

  @Column({ name: 'layer_id', type: 'varchar', length: 64 })
  layerId!: string;

  @Column({ name: 'description', type: 'varchar', length: 6000 })
  description!: string;

  @Column({ name: 'nominal_code', type: 'varchar', length: 64 })
  nominalCode!: string;

  @Column({ name: 'vat_code', type: 'varchar', length: 64 })
  vatCode!: string;

  @Column({ name: 'net_minor', type: 'bigint' })
  netMinor!: number | string;

  @Column({ name: 'vat_minor', type: 'bigint' })
  vatMinor!: number | string;
}
