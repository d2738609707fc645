import { Column, Entity, PrimaryColumn } from 'typeorm';

/** A ticket (the link that a caller was given) or a state (the way to Sage and back): each for one use. Only hashes are kept. */
@Entity('sign_in_ticket')
export class SignInTicketEntity {
  @PrimaryColumn({ name: 'instance_id', type: 'int' })
  instanceId!: number;

  @PrimaryColumn({ name: 'ticket_hash', type: 'varchar', length: 64 })
  ticketHash!: string;

  @Column({ name: 'kind', type: 'varchar', length: 10 })
  kind!: 'ticket' | 'state';

  /** The caller whom it was made for. */
  @Column({ name: 'subject', type: 'varchar', length: 255 })
  subject!: string;

  @Column({ name: 'expires_at', type: 'bigint' })
  expiresAt!: number | string;

  @Column({ name: 'used_at', type: 'bigint', nullable: true })
  usedAt!: number | string | null;
}
