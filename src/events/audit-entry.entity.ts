import { Column, Entity, PrimaryColumn } from 'typeorm';

/** What somebody did. Written once, never changed. */
@Entity('audit_entry')
export class AuditEntryEntity {
  @PrimaryColumn({ name: 'instance_id', type: 'int' })
  instanceId!: number;

  @PrimaryColumn({ name: 'id', type: 'varchar', length: 32 })
  id!: string;

  @Column({ name: 'at', type: 'bigint' })
  at!: number | string;

  @Column({ name: 'who', type: 'varchar', length: 255 })
  who!: string;

  @Column({ name: 'action', type: 'varchar', length: 40 })
  action!: string;

  @Column({ name: 'subject_id', type: 'varchar', length: 255 })
  subjectId!: string;

  @Column({ name: 'reason', type: 'varchar', length: 1000, nullable: true })
  reason!: string | null;

  @Column({ name: 'summary', type: 'varchar', length: 1000 })
  summary!: string;
}
