import { Column, Entity, PrimaryColumn } from 'typeorm';

/** What The Layer knows: a sub-company (the default one has the empty id), payment method, nominal code or VAT code. */
@Entity('mapping_subject')
export class MappingSubjectEntity {
  @PrimaryColumn({ name: 'instance_id', type: 'int' })
  instanceId!: number;

  @PrimaryColumn({ name: 'kind', type: 'varchar', length: 16 })
  kind!: string;

  @PrimaryColumn({ name: 'layer_id', type: 'varchar', length: 64 })
  layerId!: string;

  @Column({ name: 'name', type: 'varchar', length: 255 })
  name!: string;

  @Column({ name: 'rate_percent', type: 'varchar', length: 20, nullable: true })
  ratePercent!: string | null;

  @Column({ name: 'updated_at', type: 'bigint' })
  updatedAt!: number | string;
}
