import { Column, Entity, PrimaryColumn } from 'typeorm';

/** The number of an instance's newest event: the one hot row that gives the log its order. */
@Entity('event_sequence')
export class EventSequenceEntity {
  @PrimaryColumn({ name: 'instance_id', type: 'int' })
  instanceId!: number;

  @Column({ name: 'last_sequence', type: 'bigint' })
  lastSequence!: number | string;

  /** Up to here the log was cleared of what is old. */
  @Column({ name: 'pruned_sequence', type: 'bigint' })
  prunedSequence!: number | string;
}
