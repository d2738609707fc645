import { Entity, PrimaryColumn } from 'typeorm';

/** What a push waits for. */
@Entity('push_need')
export class PushNeedEntity {
  @PrimaryColumn({ name: 'instance_id', type: 'int' })
  instanceId!: number;

  @PrimaryColumn({ name: 'push_id', type: 'varchar', length: 32 })
  pushId!: string;

  @PrimaryColumn({ name: 'needs_kind', type: 'varchar', length: 12 })
  needsKind!: string;

  @PrimaryColumn({ name: 'needs_layer_id', type: 'varchar', length: 64 })
  needsLayerId!: string;
}
