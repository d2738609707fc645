import type { Clock } from '../common/clock.js';
import type { Database, Queryable } from '../database/database.js';
import type { PullTarget } from '../sync/pull.js';
import { movePush, recordAttempt } from '../pushes/move.sql.js';
import type { PushCause } from '../pushes/push-cause.js';
import { decodePush, PUSH_COLUMNS, type PushRow, type RawPushRow } from '../pushes/push-rows.js';

/** So many differences are written down at once; the rest at the next comparison. */
const MAX_DIFFERENCES = 500;

interface Difference {
  push: PushRow;
  cause: PushCause;
}

/**
 * Compares what the gateway holds for posted with the ledger that a sweep has just read, by URN, reference and amount
 * (reliability.md, "The life of a push", 8). Every difference becomes a row of the error queue; nothing is repaired. What was
 * posted after `before` (epoch ms) may not be visible yet, and is left for the next time. Answers how many there are.
 */
export async function compareWithSage(
  database: Database,
  clock: Clock,
  target: PullTarget,
  before: number,
): Promise<number> {
  const differences = await readDifferences(database, target, before);
  for (const { push, cause } of differences) {
    await database.transaction(async (transaction) => {
      const now = clock.now().getTime();
      if (!(await movePush(transaction, push, 'FAILED', { error: cause }, now))) return;
      await recordAttempt(transaction, push, { step: 'COMPARE', outcome: cause.message, durationMs: 0 }, now);
    });
  }
  return differences.length;
}

/** In what a push that such a comparison has failed still differs from the ledger as it was read last; null when it no longer does. */
export async function remainingDifference(database: Queryable, push: PushRow): Promise<PushCause | null> {
  if (push.companyId === null || !COMPARED.has(push.error?.code ?? '')) return null;
  const condition = { sql: 'p.id = ?', values: [push.id] };
  const [difference] = await differencesOf(database, push.instanceId, push.companyId, condition);
  return difference?.cause ?? null;
}

const COMPARED: ReadonlySet<string> = new Set([
  'POSTING_MISSING_IN_SAGE',
  'DUPLICATE_IN_SAGE',
  'AMOUNT_DIFFERS_IN_SAGE',
  'REFERENCE_CHANGED_IN_SAGE',
]);

/** Indexes: push_by_status, sage_transaction's primary key, sage_transaction_by_second_reference. */
function readDifferences(database: Database, target: PullTarget, before: number): Promise<Difference[]> {
  const condition = { sql: "p.status = 'SUCCEEDED' AND p.posted_at < ?", values: [before] };
  return differencesOf(database, target.instanceId, target.companyId, condition);
}

async function differencesOf(
  database: Queryable,
  instanceId: number,
  companyId: number,
  condition: { sql: string; values: readonly unknown[] },
): Promise<Difference[]> {
  const rows = await database.query<RawPushRow>(
    `SELECT ${PUSH_COLUMNS}, t.gross_minor AS ledgerMinor, t.second_reference AS ledgerReference, t.deleted_at AS deletedAt,
        t.outstanding_minor AS outstandingMinor,
        (SELECT MIN(o.urn) FROM sage_transaction o
          WHERE o.instance_id = p.instance_id AND o.second_reference_folded = LOWER(p.sage_reference) AND o.company_id = p.company_id
            AND o.urn <> p.urn AND o.kind = t.kind AND o.deleted_at IS NULL) AS otherUrn
       FROM push p LEFT JOIN sage_transaction t
         ON t.instance_id = p.instance_id AND t.company_id = p.company_id AND t.urn = p.urn
      WHERE p.instance_id = ? AND p.company_id = ? AND ${condition.sql} AND p.urn IS NOT NULL
        AND p.kind IN ('INVOICE', 'PAYMENT', 'CREDIT_NOTE', 'REFUND')
        AND (t.urn IS NULL OR (t.deleted_at IS NOT NULL AND t.outstanding_minor <> 0) OR ABS(t.gross_minor) <> p.amount_minor
          OR t.second_reference_folded <> LOWER(p.sage_reference)
          OR EXISTS (SELECT 1 FROM sage_transaction o
            WHERE o.instance_id = p.instance_id AND o.second_reference_folded = LOWER(p.sage_reference) AND o.company_id = p.company_id
              AND o.urn <> p.urn AND o.kind = t.kind AND o.deleted_at IS NULL))
      ORDER BY p.id LIMIT ${MAX_DIFFERENCES}`,
    [instanceId, companyId, ...condition.values],
  );
  return rows.map((row) => ({ push: decodePush(row), cause: causeOf(row) }));
}

function causeOf(row: RawPushRow): PushCause {
  const about = { key: '', subject: null };
  const { urn } = row;
  if (row.ledgerMinor === null || row.deletedAt !== null) {
    return {
      code: 'POSTING_MISSING_IN_SAGE',
      ...about,
      message: `Sage's ledger no longer has what was posted under URN ${urn}.`,
      remedy:
        'Find out in Sage what became of it. It is not posted again by itself; skip this push with a word on what was done.',
    };
  }
  if (row.otherUrn !== null) {
    return {
      code: 'DUPLICATE_IN_SAGE',
      ...about,
      message: `Sage has it twice: under URN ${urn}, and under URN ${row.otherUrn} with the same second reference.`,
      remedy: 'Look at both in Sage, and reverse the one that is too many. Then skip this push.',
    };
  }
  if (absolute(row.ledgerMinor) !== String(row.amountMinor)) {
    return {
      code: 'AMOUNT_DIFFERS_IN_SAGE',
      ...about,
      message: `Sage has another amount under URN ${urn} than was posted.`,
      remedy: 'Correct the posting in Sage, or skip this push with a word on why it differs.',
    };
  }
  return {
    code: 'REFERENCE_CHANGED_IN_SAGE',
    ...about,
    message: `The second reference of URN ${urn} was changed in Sage, by which the gateway finds its posting again.`,
    remedy: `Set it back to ${row.sageReference} in Sage, and try again.`,
  };
}

const absolute = (minor: string | number | null | undefined) => String(minor ?? '').replace('-', '');
