import { Column, Entity, PrimaryColumn } from 'typeorm';

/** A customer of The Layer. */
@Entity('customer')
export class CustomerEntity {
  @PrimaryColumn({ name: 'instance_id', type: 'int' })
  instanceId!: number;

  @PrimaryColumn({ name: 'layer_id', type: 'varchar', length: 64 })
  layerId!: string;

  @Column({ name: 'name', type: 'varchar', length: 255 })
  name!: string;

  @Column({ name: 'name_folded', type: 'varchar', length: 255 })
  nameFolded!: string;

  @Column({ name: 'email', type: 'varchar', length: 255, nullable: true })
  email!: string | null;

  @Column({ name: 'website', type: 'varchar', length: 255, nullable: true })
  website!: string | null;

  @Column({ name: 'telephone', type: 'varchar', length: 255, nullable: true })
  telephone!: string | null;

  @Column({ name: 'fax', type: 'varchar', length: 255, nullable: true })
  fax!: string | null;

  @Column({ name: 'vat_number', type: 'varchar', length: 64, nullable: true })
  vatNumber!: string | null;

  @Column({ name: 'sync_status', type: 'varchar', length: 12 })
  syncStatus!: string;

  @Column({ name: 'created_at', type: 'bigint' })
  createdAt!: number | string;

  @Column({ name: 'updated_at', type: 'bigint' })
  updatedAt!: number | string;
}
