import { Column, Entity, PrimaryColumn } from 'typeorm';
import type { ConnectionState } from './connection-state.js';

/** An instance's sign-in to Sage, and how it stands. Tokens are sealed. */
@Entity('sage_connection')
export class SageConnectionEntity {
  @PrimaryColumn({ name: 'instance_id', type: 'int' })
  instanceId!: number;

  @Column({ name: 'state', type: 'varchar', length: 20 })
  state!: ConnectionState;

  @Column({ name: 'refresh_token', type: 'text', nullable: true })
  refreshToken!: string | null;

  @Column({ name: 'access_token', type: 'text', nullable: true })
  accessToken!: string | null;

  @Column({ name: 'access_expires_at', type: 'bigint', nullable: true })
  accessExpiresAt!: number | string | null;

  /** From when the access token should be renewed. */
  @Column({ name: 'access_refresh_at', type: 'bigint', nullable: true })
  accessRefreshAt!: number | string | null;

  @Column({ name: 'signed_in_at', type: 'bigint', nullable: true })
  signedInAt!: number | string | null;

  @Column({ name: 'sign_in_expires_at', type: 'bigint', nullable: true })
  signInExpiresAt!: number | string | null;

  @Column({ name: 'last_contact_at', type: 'bigint', nullable: true })
  lastContactAt!: number | string | null;

  @Column({ name: 'message', type: 'varchar', length: 500, nullable: true })
  message!: string | null;

  /** Rises whenever other tokens are stored. */
  @Column({ name: 'version', type: 'int' })
  version!: number;

  /** SHA-256 of the refresh token that the configuration gave, so that it is used once. */
  @Column({ name: 'given_token_hash', type: 'varchar', length: 64, nullable: true })
  givenTokenHash!: string | null;

  /** Who redeems the refresh token just now. */
  @Column({ name: 'lease_owner', type: 'varchar', length: 40, nullable: true })
  leaseOwner!: string | null;

  @Column({ name: 'lease_until', type: 'bigint' })
  leaseUntil!: number | string;
}
