import { Entity, PrimaryColumn } from 'typeorm';

/** A step of a customer's push that Sage has taken: it is not sent again, whatever Sage has made of it. */
@Entity('customer_push_step')
export class CustomerPushStepEntity {
  @PrimaryColumn({ name: 'instance_id', type: 'int' })
  instanceId!: number;

  @PrimaryColumn({ name: 'push_id', type: 'varchar', length: 32 })
  pushId!: string;

  @PrimaryColumn({ name: 'step', type: 'varchar', length: 120 })
  step!: string;
}
