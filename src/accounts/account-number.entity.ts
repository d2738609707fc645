import { Entity, Column, PrimaryColumn } from 'typeorm';

/** An account number put by for a customer, before Sage has the account. */
@Entity('account_number')
export class AccountNumberEntity {
  @PrimaryColumn({ name: 'instance_id', type: 'int' })
  instanceId!: number;

  @PrimaryColumn({ name: 'company_id', type: 'int' })
  companyId!: number;

  @PrimaryColumn({ name: 'account_number', type: 'varchar', length: 8 })
  accountNumber!: string;

  @Column({ name: 'customer_layer_id', type: 'varchar', length: 64 })
  customerLayerId!: string;
}
