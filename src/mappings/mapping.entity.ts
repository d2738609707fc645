import { Column, Entity, PrimaryColumn } from 'typeorm';

/** What a subject is in one Sage company; a sub-company has one row, and the company is what it means. */
@Entity('mapping')
export class MappingEntity {
  @PrimaryColumn({ name: 'instance_id', type: 'int' })
  instanceId!: number;

  @PrimaryColumn({ name: 'kind', type: 'varchar', length: 16 })
  kind!: string;

  @PrimaryColumn({ name: 'layer_id', type: 'varchar', length: 64 })
  layerId!: string;

  @PrimaryColumn({ name: 'company_id', type: 'int' })
  companyId!: number;

  @Column({ name: 'target_sage_id', type: 'bigint', nullable: true })
  targetSageId!: number | string | null;

  @Column({ name: 'updated_at', type: 'bigint' })
  updatedAt!: number | string;
}
