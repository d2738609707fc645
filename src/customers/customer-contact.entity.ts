import { Column, Entity, PrimaryColumn } from 'typeorm';

/** A contact of a Layer customer. */
@Entity('customer_contact')
export class CustomerContactEntity {
  @PrimaryColumn({ name: 'instance_id', type: 'int' })
  instanceId!: number;

  @PrimaryColumn({ name: 'customer_layer_id', type: 'varchar', length: 64 })
  customerLayerId!: string;

  @PrimaryColumn({ name: 'layer_id', type: 'varchar', length: 64 })
  layerId!: string;

  @Column({ name: 'first_name', type: 'varchar', length: 60, nullable: true })
  firstName!: string | null;

  @Column({ name: 'last_name', type: 'varchar', length: 60, nullable: true })
  lastName!: string | null;

  @Column({ name: 'email', type: 'varchar', length: 227, nullable: true })
  email!: string | null;

  @Column({ name: 'telephone', type: 'varchar', length: 227, nullable: true })
  telephone!: string | null;
}
