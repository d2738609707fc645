import { Column, Entity, PrimaryColumn } from 'typeorm';

/** Which Sage account is whose: an account has one customer, a customer one account in a company. */
@Entity('customer_link')
export class CustomerLinkEntity {
  @PrimaryColumn({ name: 'instance_id', type: 'int' })
  instanceId!: number;

  @PrimaryColumn({ name: 'company_id', type: 'int' })
  companyId!: number;

  @PrimaryColumn({ name: 'account_sage_id', type: 'bigint' })
  accountSageId!: number | string;

  @Column({ name: 'customer_layer_id', type: 'varchar', length: 64 })
  customerLayerId!: string;

  @Column({ name: 'linked_at', type: 'bigint' })
  linkedAt!: number | string;

  @Column({ name: 'linked_by', type: 'varchar', length: 255 })
  linkedBy!: string;
}
