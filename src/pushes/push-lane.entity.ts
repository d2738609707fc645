import { Column, Entity, PrimaryColumn } from 'typeorm';

/** A line of pushes that go one after another: the narrow table that workers claim from. */
@Entity('push_lane')
export class PushLaneEntity {
  @PrimaryColumn({ name: 'instance_id', type: 'int' })
  instanceId!: number;

  @PrimaryColumn({ name: 'lane', type: 'varchar', length: 80 })
  lane!: string;

  @Column({ name: 'due_at', type: 'bigint' })
  dueAt!: number | string;

  @Column({ name: 'owner', type: 'varchar', length: 60, nullable: true })
  owner!: string | null;
}
