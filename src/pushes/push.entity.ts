import { Column, Entity, PrimaryColumn } from 'typeorm';

/** One document on its way to Sage, or there, or refused. */
@Entity('push')
export class PushEntity {
  @PrimaryColumn({ name: 'instance_id', type: 'int' })
  instanceId!: number;

  @PrimaryColumn({ name: 'id', type: 'varchar', length: 32 })
  id!: string;

  @Column({ name: 'kind', type: 'varchar', length: 12 })
  kind!: string;

  @Column({ name: 'layer_id', type: 'varchar', length: 64 })
  layerId!: string;

  @Column({ name: 'generation', type: 'int' })
  generation!: number;

  @Column({ name: 'lane', type: 'varchar', length: 80 })
  lane!: string;

  @Column({ name: 'status', type: 'varchar', length: 10 })
  status!: string;

  @Column({ name: 'company_id', type: 'int', nullable: true })
  companyId!: number | null;

  @Column({ name: 'customer_layer_id', type: 'varchar', length: 64, nullable: true })
  customerLayerId!: string | null;

  @Column({ name: 'amount_minor', type: 'bigint', nullable: true })
  amountMinor!: number | string | null;

  @Column({ name: 'currency', type: 'varchar', length: 3, nullable: true })
  currency!: string | null;

  @Column({ name: 'reference', type: 'varchar', length: 64 })
  reference!: string;

  @Column({ name: 'reference_folded', type: 'varchar', length: 64 })
  referenceFolded!: string;

  @Column({ name: 'layer_id_folded', type: 'varchar', length: 64 })
  layerIdFolded!: string;

  @Column({ name: 'sage_reference', type: 'varchar', length: 40 })
  sageReference!: string;

  @Column({ name: 'content_hash', type: 'varchar', length: 16 })
  contentHash!: string;

  @Column({ name: 'payload', type: 'text', nullable: true })
  payload!: string | null;

  @Column({ name: 'step', type: 'varchar', length: 40, nullable: true })
  step!: string | null;

  @Column({ name: 'step_facts', type: 'text', nullable: true })
  stepFacts!: string | null;

  @Column({ name: 'urn', type: 'varchar', length: 20, nullable: true })
  urn!: string | null;

  @Column({ name: 'sage_id', type: 'bigint', nullable: true })
  sageId!: number | string | null;

  @Column({ name: 'posted_at', type: 'bigint', nullable: true })
  postedAt!: number | string | null;

  @Column({ name: 'allocated_at', type: 'bigint', nullable: true })
  allocatedAt!: number | string | null;

  @Column({ name: 'attempts', type: 'int' })
  attempts!: number;

  @Column({ name: 'failures', type: 'int' })
  failures!: number;

  @Column({ name: 'empty_look_ups', type: 'int' })
  emptyLookUps!: number;

  @Column({ name: 'next_attempt_at', type: 'bigint', nullable: true })
  nextAttemptAt!: number | string | null;

  @Column({ name: 'sent_at', type: 'bigint', nullable: true })
  sentAt!: number | string | null;

  @Column({ name: 'lost_at', type: 'bigint', nullable: true })
  lostAt!: number | string | null;

  @Column({ name: 'fence', type: 'int' })
  fence!: number;

  @Column({ name: 'error_code', type: 'varchar', length: 40, nullable: true })
  errorCode!: string | null;

  @Column({ name: 'error_key', type: 'varchar', length: 120, nullable: true })
  errorKey!: string | null;

  @Column({ name: 'error_subject', type: 'varchar', length: 255, nullable: true })
  errorSubject!: string | null;

  @Column({ name: 'error_message', type: 'varchar', length: 700, nullable: true })
  errorMessage!: string | null;

  @Column({ name: 'error_remedy', type: 'varchar', length: 500, nullable: true })
  errorRemedy!: string | null;

  @Column({ name: 'created_at', type: 'bigint' })
  createdAt!: number | string;

  @Column({ name: 'updated_at', type: 'bigint' })
  updatedAt!: number | string;
}
