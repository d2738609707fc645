import { bulkUpsert } from '../database/bulk.js';
import type { Queryable, Transaction } from '../database/database.js';
import type { ConnectionState } from './connection-state.js';

export interface ConnectionRow {
  state: ConnectionState;
  /** Sealed, as the access token. */
  refreshToken: string | null;
  accessToken: string | null;
  /** Epoch ms, as the other times. */
  accessExpiresAt: number | null;
  /** From when it should be renewed. */
  accessRefreshAt: number | null;
  signInExpiresAt: number | null;
  lastContactAt: number | null;
  message: string | null;
  version: number;
  givenTokenHash: string | null;
  leaseOwner: string | null;
  leaseUntil: number;
}

/** Tokens as they are stored. */
export interface SealedTokens {
  refreshToken: string;
  accessToken: string | null;
  accessExpiresAt: number | null;
  accessRefreshAt: number | null;
}

type Stored<T> = { [K in keyof T]: T[K] extends number | null ? number | string | null : T[K] };

export async function readConnection(database: Queryable, instanceId: number): Promise<ConnectionRow | null> {
  const [row] = await database.query<Stored<ConnectionRow>>(
    `SELECT state, refresh_token AS refreshToken, access_token AS accessToken, access_expires_at AS accessExpiresAt,
        access_refresh_at AS accessRefreshAt, sign_in_expires_at AS signInExpiresAt, last_contact_at AS lastContactAt, message, version,
        given_token_hash AS givenTokenHash, lease_owner AS leaseOwner, lease_until AS leaseUntil
      FROM sage_connection WHERE instance_id = ?`,
    [instanceId],
  );
  if (!row) return null;
  return {
    ...row,
    accessExpiresAt: numberOf(row.accessExpiresAt),
    accessRefreshAt: numberOf(row.accessRefreshAt),
    signInExpiresAt: numberOf(row.signInExpiresAt),
    lastContactAt: numberOf(row.lastContactAt),
    version: Number(row.version),
    leaseUntil: Number(row.leaseUntil),
  };
}

/** Makes the instance's row when it has none. On MySQL it also locks the row, so that two processes that start at once take turns. */
export async function ensureConnection(transaction: Transaction, instanceId: number): Promise<void> {
  await bulkUpsert(transaction, EMPTY_ROW, [[instanceId, 'NOT_CONNECTED', 0, 0]]);
}

/** Stores a new sign-in over whatever was there. */
export async function storeSignIn(
  transaction: Transaction,
  instanceId: number,
  tokens: SealedTokens,
  signIn: { at: number; expiresAt: number; givenTokenHash: string | null },
): Promise<void> {
  await ensureConnection(transaction, instanceId);
  await transaction.execute(
    `UPDATE sage_connection SET state = 'CONNECTED', refresh_token = ?, access_token = ?, access_expires_at = ?, access_refresh_at = ?,
        signed_in_at = ?, sign_in_expires_at = ?, given_token_hash = ?, message = NULL, version = version + 1,
        lease_owner = NULL, lease_until = 0
      WHERE instance_id = ?`,
    [
      tokens.refreshToken,
      tokens.accessToken,
      tokens.accessExpiresAt,
      tokens.accessRefreshAt,
      signIn.at,
      signIn.expiresAt,
      signIn.givenTokenHash,
      instanceId,
    ],
  );
}

/** Takes the right to redeem the refresh token of this version. False when another has it, or has redeemed it meanwhile. */
export async function takeLease(
  transaction: Transaction,
  instanceId: number,
  lease: { version: number; owner: string; now: number; until: number },
): Promise<boolean> {
  const taken = await transaction.execute(
    `UPDATE sage_connection SET lease_owner = ?, lease_until = ?
      WHERE instance_id = ? AND version = ? AND state <> 'SIGN_IN_NEEDED' AND (lease_owner IS NULL OR lease_until <= ?)`,
    [lease.owner, lease.until, instanceId, lease.version, lease.now],
  );
  return taken === 1;
}

export async function releaseLease(transaction: Transaction, instanceId: number, owner: string): Promise<void> {
  await transaction.execute(
    'UPDATE sage_connection SET lease_owner = NULL, lease_until = 0 WHERE instance_id = ? AND lease_owner = ?',
    [instanceId, owner],
  );
}

/**
 * Stores what a refresh brought, as long as the token that was redeemed is the one stored. The lease is not asked for: should it have
 * run out meanwhile, and another process have been told `invalid_grant` for the token that we have redeemed, then ours are the good ones.
 */
export async function storeRotation(
  transaction: Transaction,
  instanceId: number,
  version: number,
  tokens: SealedTokens,
): Promise<boolean> {
  const stored = await transaction.execute(
    `UPDATE sage_connection SET refresh_token = ?, access_token = ?, access_expires_at = ?, access_refresh_at = ?, version = version + 1,
        message = CASE WHEN state = 'SIGN_IN_NEEDED' THEN NULL ELSE message END,
        state = CASE WHEN state = 'SIGN_IN_NEEDED' THEN 'CONNECTED' ELSE state END,
        lease_owner = NULL, lease_until = 0
      WHERE instance_id = ? AND version = ?`,
    [tokens.refreshToken, tokens.accessToken, tokens.accessExpiresAt, tokens.accessRefreshAt, instanceId, version],
  );
  return stored === 1;
}

/**
 * Puts the same tokens in place under another key, unless they have changed since they were read. The version stays: a process that is
 * redeeming this refresh token just now must still be able to store what it gets.
 */
export async function storeResealed(
  transaction: Transaction,
  instanceId: number,
  read: Pick<ConnectionRow, 'version' | 'refreshToken'>,
  tokens: Pick<SealedTokens, 'refreshToken' | 'accessToken'>,
): Promise<boolean> {
  const stored = await transaction.execute(
    'UPDATE sage_connection SET refresh_token = ?, access_token = ? WHERE instance_id = ? AND version = ? AND refresh_token = ?',
    [tokens.refreshToken, tokens.accessToken, instanceId, read.version, read.refreshToken],
  );
  return stored === 1;
}

/** Marks the sign-in as lapsed, unless other tokens have been stored since. */
export async function markLapsed(
  transaction: Transaction,
  instanceId: number,
  version: number,
  message: string,
): Promise<boolean> {
  const marked = await transaction.execute(
    `UPDATE sage_connection SET state = 'SIGN_IN_NEEDED', message = ?, lease_owner = NULL, lease_until = 0
      WHERE instance_id = ? AND version = ?`,
    [message, instanceId, version],
  );
  return marked === 1;
}

/** Notes a contact, unless the state has moved since it was read. */
export async function storeContact(
  transaction: Transaction,
  instanceId: number,
  from: ConnectionState,
  contact: { state: ConnectionState; lastContactAt: number | null; message: string | null },
): Promise<boolean> {
  const stored = await transaction.execute(
    'UPDATE sage_connection SET state = ?, last_contact_at = ?, message = ? WHERE instance_id = ? AND state = ?',
    [contact.state, contact.lastContactAt, contact.message, instanceId, from],
  );
  return stored === 1;
}

const EMPTY_ROW = {
  name: 'sage_connection',
  key: ['instance_id'],
  columns: ['instance_id', 'state', 'version', 'lease_until'],
  insertOnly: ['state', 'version', 'lease_until'],
};

function numberOf(value: number | string | null): number | null {
  return value === null ? null : Number(value);
}
