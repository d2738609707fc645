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

  /** Null: it is enabled. */
  @Column({ name: 'disabled_at', type: 'bigint', nullable: true })
  disabledAt!: number | string | null;

  /** Root fields of all its callers together, in the long run; null: as the gateway is configured. */
  @Column({ name: 'rate_per_second', type: 'int', nullable: true })
  ratePerSecond!: number | null;

  /** And at once. */
  @Column({ name: 'rate_burst', type: 'int', nullable: true })
  rateBurst!: number | null;
}
