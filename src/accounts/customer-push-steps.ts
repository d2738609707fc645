import { upsertSql } from '../database/bulk.js';
import type { Queryable, Transaction } from '../database/database.js';
import type { PushRow } from '../pushes/push-rows.js';

type PushKey = Pick<PushRow, 'instanceId' | 'id'>;

const STEP_TABLE = {
  name: 'customer_push_step',
  key: ['instance_id', 'push_id', 'step'],
  columns: ['instance_id', 'push_id', 'step'],
};

/** The steps of this push that Sage has taken. What Sage then shows may differ from what was sent: sending it again would never end. */
export async function readSteps(database: Queryable, push: PushKey): Promise<Set<string>> {
  const rows = await database.query<{ step: string }>(
    'SELECT step FROM customer_push_step WHERE instance_id = ? AND push_id = ?',
    [push.instanceId, push.id],
  );
  return new Set(rows.map(({ step }) => step));
}

export async function rememberStep(transaction: Transaction, push: PushKey, step: string): Promise<void> {
  await transaction.query(upsertSql(transaction.dialect, STEP_TABLE, 1), [push.instanceId, push.id, step]);
}

/** Of a push that has ended, or has been given other content. */
export async function forgetSteps(transaction: Transaction, push: PushKey): Promise<void> {
  await transaction.query('DELETE FROM customer_push_step WHERE instance_id = ? AND push_id = ?', [
    push.instanceId,
    push.id,
  ]);
}
