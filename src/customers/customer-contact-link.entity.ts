import { Column, Entity, PrimaryColumn } from 'typeorm';

/** Which contact in Sage is a contact of The Layer, in each company. Without a contact's id: the one that carries the customer's e-mail. */
@Entity('customer_contact_link')
export class CustomerContactLinkEntity {
  @PrimaryColumn({ name: 'instance_id', type: 'int' })
  instanceId!: number;

  @PrimaryColumn({ name: 'customer_layer_id', type: 'varchar', length: 64 })
  customerLayerId!: string;

  @PrimaryColumn({ name: 'contact_layer_id', type: 'varchar', length: 64 })
  contactLayerId!: string;

  @PrimaryColumn({ name: 'company_id', type: 'int' })
  companyId!: number;

  @Column({ name: 'sage_contact_id', type: 'bigint' })
  sageContactId!: number | string;

  @Column({ name: 'email', type: 'varchar', length: 227, nullable: true })
  email!: string | null;

  @Column({ name: 'telephone', type: 'varchar', length: 227, nullable: true })
  telephone!: string | null;
}
