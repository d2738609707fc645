import { Column, Entity, PrimaryColumn } from 'typeorm';

/** One entry of a push's history. */
@Entity('push_attempt')
export class PushAttemptEntity {
  @PrimaryColumn({ name: 'instance_id', type: 'int' })
  instanceId!: number;

  @PrimaryColumn({ name: 'push_id', type: 'varchar', length: 32 })
  pushId!: string;

  @PrimaryColumn({ name: 'attempt_no', type: 'int' })
  attemptNo!: number;

  @Column({ name: 'at', type: 'bigint' })
  at!: number | string;

  @Column({ name: 'step', type: 'varchar', length: 40 })
  step!: string;

  @Column({ name: 'outcome', type: 'varchar', length: 700 })
  outcome!: string;

  @Column({ name: 'http_status', type: 'int', nullable: true })
  httpStatus!: number | null;

  @Column({ name: 'duration_ms', type: 'int' })
  durationMs!: number;
}
