import { Entity, PrimaryColumn } from 'typeorm';

/** The words by which customers are found. */
@Entity('customer_word')
export class CustomerWordEntity {
  @PrimaryColumn({ name: 'instance_id', type: 'int' })
  instanceId!: number;

  @PrimaryColumn({ name: 'word', type: 'varchar', length: 40 })
  word!: string;

  @PrimaryColumn({ name: 'layer_id', type: 'varchar', length: 64 })
  layerId!: string;
}
