import { Column, Entity, PrimaryColumn } from 'typeorm';

/** A customer of The Layer, with one Sage 200 account. Everything else in the database belongs to one. */
@Entity('instance')
export class InstanceEntity {
  @PrimaryColumn({ name: 'id', type: 'int' })
  id!: number;

  @Column({ name: 'slug', type: 'varchar', length: 64 })
  slug!: string;

  @Column({ name: 'created_at', type: 'bigint' })
  createdAt!: number | string;
}
