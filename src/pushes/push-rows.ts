import { chunks, placeholders } from '../database/bulk.js';
import type { Queryable, Transaction } from '../database/database.js';
import type { PushCause } from './push-cause.js';
import type { PushStep, StepFacts } from './push-handler.js';
import type { PushKind, PushStatus } from './push-status.js';

/** A push as it is stored. Times are epoch ms. */
export interface PushRow {
  instanceId: number;
  /** Sorts by the time when it was made. */
  id: string;
  kind: PushKind;
  layerId: string;
  /** 0; counts up for customers and nominal codes, whose changed content is a new push. */
  generation: number;
  lane: string;
  status: PushStatus;
  /** The gateway's own number of the company; null until it can be told. */
  companyId: number | null;
  customerLayerId: string | null;
  /** Null for what has no value. Always positive. */
  amountMinor: bigint | null;
  currency: string | null;
  /** For people: the document's number or reference. */
  reference: string;
  sageReference: string;
  contentHash: string;
  /** The content, JSON, of what has no table of its own (customers, nominal codes). */
  payload: string | null;
  /** The step that was sent last. */
  step: string | null;
  stepFacts: StepFacts | null;
  /** What the step means and touches; null before the first send. */
  stepMeaning: Pick<PushStep, 'marks' | 'touches'> | null;
  urn: string | null;
  sageId: number | null;
  postedAt: number | null;
  allocatedAt: number | null;
  attempts: number;
  failures: number;
  emptyLookUps: number;
  nextAttemptAt: number | null;
  sentAt: number | null;
  /** When sight of the step under way was lost; null when nothing is open. */
  lostAt: number | null;
  fence: number;
  error: PushCause | null;
  createdAt: number;
  updatedAt: number;
}

export const PUSH_COLUMNS = `p.instance_id AS instanceId, p.id AS id, p.kind AS kind, p.layer_id AS layerId, p.generation AS generation,
  p.lane AS lane, p.status AS status, p.company_id AS companyId, p.customer_layer_id AS customerLayerId,
  p.amount_minor AS amountMinor, p.currency AS currency, p.reference AS reference, p.sage_reference AS sageReference,
  p.content_hash AS contentHash, p.payload AS payload, p.step AS step, p.step_facts AS stepFacts, p.urn AS urn, p.sage_id AS sageId,
  p.posted_at AS postedAt, p.allocated_at AS allocatedAt, p.attempts AS attempts, p.failures AS failures,
  p.empty_look_ups AS emptyLookUps, p.next_attempt_at AS nextAttemptAt, p.sent_at AS sentAt, p.lost_at AS lostAt, p.fence AS fence,
  p.error_code AS errorCode, p.error_key AS errorKey, p.error_subject AS errorSubject, p.error_message AS errorMessage,
  p.error_remedy AS errorRemedy, p.created_at AS createdAt, p.updated_at AS updatedAt`;

export type RawPushRow = Record<string, string | number | null>;

const numberOrNull = (value: string | number | null | undefined) =>
  value === null || value === undefined ? null : Number(value);

/** A step as it is kept in `step_facts`. */
export interface StoredStep extends Pick<PushStep, 'marks' | 'touches'> {
  facts: StepFacts;
}

export function decodePush(row: RawPushRow): PushRow {
  const { errorCode, errorKey, errorSubject, errorMessage, errorRemedy, ...fields } = row;
  const stored = row.stepFacts === null ? null : (JSON.parse(String(row.stepFacts)) as StoredStep);
  return {
    ...(fields as unknown as PushRow),
    instanceId: Number(row.instanceId),
    generation: Number(row.generation),
    companyId: numberOrNull(row.companyId),
    amountMinor: row.amountMinor === null ? null : BigInt(row.amountMinor as string),
    stepFacts: stored?.facts ?? null,
    stepMeaning: stored && { marks: stored.marks, touches: stored.touches },
    sageId: numberOrNull(row.sageId),
    postedAt: numberOrNull(row.postedAt),
    allocatedAt: numberOrNull(row.allocatedAt),
    attempts: Number(row.attempts),
    failures: Number(row.failures),
    emptyLookUps: Number(row.emptyLookUps),
    nextAttemptAt: numberOrNull(row.nextAttemptAt),
    sentAt: numberOrNull(row.sentAt),
    lostAt: numberOrNull(row.lostAt),
    fence: Number(row.fence),
    error:
      errorCode === null
        ? null
        : {
            code: String(errorCode),
            key: String(errorKey ?? ''),
            subject: errorSubject === null ? null : String(errorSubject),
            message: String(errorMessage ?? ''),
            remedy: String(errorRemedy ?? ''),
          },
    createdAt: Number(row.createdAt),
    updatedAt: Number(row.updatedAt),
  };
}

/** Pushes by id. By primary key. */
export async function readPushes(
  database: Queryable,
  instanceId: number,
  ids: readonly string[],
): Promise<Map<string, PushRow>> {
  const found = new Map<string, PushRow>();
  for (const chunk of chunks([...new Set(ids)])) {
    const rows = await database.query<RawPushRow>(
      `SELECT ${PUSH_COLUMNS} FROM push p WHERE p.instance_id = ? AND p.id IN (${placeholders(chunk.length)})`,
      [instanceId, ...chunk],
    );
    for (const row of rows) found.set(String(row.id), decodePush(row));
  }
  return found;
}

/** The newest push of each of these documents. Index: push_of_document. */
export async function readNewestPushes(
  database: Queryable,
  instanceId: number,
  kind: PushKind,
  layerIds: readonly string[],
): Promise<Map<string, PushRow>> {
  const newest = new Map<string, PushRow>();
  for (const chunk of chunks([...new Set(layerIds)])) {
    const rows = await database.query<RawPushRow>(
      `SELECT ${PUSH_COLUMNS} FROM push p
        WHERE p.instance_id = ? AND p.kind = ? AND p.layer_id IN (${placeholders(chunk.length)}) ORDER BY p.layer_id, p.generation`,
      [instanceId, kind, ...chunk],
    );
    for (const row of rows) newest.set(String(row.layerId), decodePush(row));
  }
  return newest;
}

/** The push that made each of these postings, by URN. Index: push_by_urn. */
export async function readPushesByUrn(
  database: Queryable,
  instanceId: number,
  companyId: number,
  urns: readonly string[],
): Promise<Map<string, PushRow>> {
  const byUrn = new Map<string, PushRow>();
  for (const chunk of chunks([...new Set(urns)])) {
    const rows = await database.query<RawPushRow>(
      `SELECT ${PUSH_COLUMNS} FROM push p
        WHERE p.instance_id = ? AND p.company_id = ? AND p.urn IN (${placeholders(chunk.length)}) ORDER BY p.id`,
      [instanceId, companyId, ...chunk],
    );
    for (const row of rows) byUrn.set(String(row.urn), decodePush(row));
  }
  return byUrn;
}

/** A push that nobody else can move until the transaction ends; null for one that is not there. By primary key. */
export async function lockPush(transaction: Transaction, instanceId: number, id: string): Promise<PushRow | null> {
  const [row] = await transaction.query<RawPushRow>(
    `SELECT ${PUSH_COLUMNS} FROM push p WHERE p.instance_id = ? AND p.id = ?${
      // SQLite has one writer at a time
      transaction.dialect === 'mysql' ? ' FOR UPDATE' : ''
    }`,
    [instanceId, id],
  );
  return row ? decodePush(row) : null;
}
