import type { Clock } from '../common/clock.js';
import { orderedId } from '../common/ordered-id.js';
import { foldText } from '../common/search-words.js';
import type { Transaction } from '../database/database.js';
import { touchLanes } from './lane.sql.js';
import { storeNeeds } from './move.sql.js';
import { recordPushChanges } from './record-push-changes.js';
import type { PushCause } from './push-cause.js';
import type { PushNeed } from './push-handler.js';
import type { PushRow } from './push-rows.js';
import type { PushKind, PushStatus } from './push-status.js';
import { FIRST_LOOK_AGAIN_MS } from './retry-table.js';

/** What a push is made of. Its status follows: HELD with `held`, WAITING with `needs`, otherwise QUEUED. */
export interface NewPush {
  kind: PushKind;
  layerId: string;
  generation?: number;
  /** Pushes of one lane go one after another: the customer's Layer id, or what else must not be sent side by side. */
  lane: string;
  companyId: number | null;
  customerLayerId: string | null;
  /** Positive. */
  amountMinor: bigint | null;
  currency: string | null;
  /** For people and for the search: number or reference. */
  reference: string;
  sageReference: string;
  contentHash: string;
  payload?: string | null;
  held?: PushCause | null;
  needs?: readonly PushNeed[];
}

/** What it waits for may land while it is being stored, and then tells nobody: so it is looked at by itself, too. */
const LOOK_MS: Readonly<Partial<Record<PushStatus, number>>> = {
  WAITING: FIRST_LOOK_AGAIN_MS,
  HELD: FIRST_LOOK_AGAIN_MS,
};
const lookAt = (status: PushStatus, now: number) => {
  const waitMs = LOOK_MS[status];
  return waitMs === undefined ? null : now + waitMs;
};

/** The lane of a customer's pushes. */
export const customerLane = (layerId: string) => `c:${layerId}`;

const folded = (text: string) => Array.from(foldText(text)).slice(0, 64).join('');

/**
 * Puts a push into the queue, in the transaction that stores its document; answers its id. The unique key (kind, layerId,
 * generation) refuses a second one: make sure that the document's own row was locked before.
 */
export async function enqueue(
  transaction: Transaction,
  clock: Clock,
  instanceId: number,
  push: NewPush,
): Promise<string> {
  const id = orderedId(clock, instanceId, push.kind, push.layerId, push.generation ?? 0);
  const now = clock.now().getTime();
  const { held = null, needs = [] } = push;
  const status = held ? 'HELD' : needs.length > 0 ? 'WAITING' : 'QUEUED';
  await transaction.query(
    `INSERT INTO push (instance_id, id, kind, layer_id, generation, lane, status, company_id, customer_layer_id, amount_minor, currency,
        reference, reference_folded, layer_id_folded, sage_reference, content_hash, payload, attempts, failures, empty_look_ups, fence,
        next_attempt_at, error_code, error_key, error_subject, error_message, error_remedy, created_at, updated_at)
      VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, 0, 0, 0, 0, ?, ?, ?, ?, ?, ?, ?, ?)`,
    [
      instanceId,
      id,
      push.kind,
      push.layerId,
      push.generation ?? 0,
      push.lane,
      status,
      push.companyId,
      push.customerLayerId,
      push.amountMinor === null ? null : push.amountMinor.toString(),
      push.currency,
      push.reference,
      folded(push.reference),
      folded(push.layerId),
      push.sageReference,
      push.contentHash,
      push.payload ?? null,
      lookAt(status, now),
      held?.code ?? null,
      held?.key ?? null,
      held?.subject ?? null,
      held?.message ?? null,
      held?.remedy ?? null,
      now,
      now,
    ],
  );
  if (needs.length > 0) await storeNeeds(transaction, { instanceId, id }, needs);
  if (status === 'QUEUED') await touchLanes(transaction, instanceId, [push.lane], now);
  recordPushChanges(transaction, instanceId, [{ ...push, id }], now);
  return id;
}

/**
 * Gives a push that has not been sent other content. The fence rises with it, so that a worker that is just about to send the
 * old content cannot. False when it has been sent meanwhile: nothing was changed then.
 */
export async function replaceContent(
  transaction: Transaction,
  clock: Clock,
  push: Pick<PushRow, 'instanceId' | 'id'>,
  content: Omit<NewPush, 'kind' | 'layerId' | 'generation' | 'sageReference'> & { sageReference?: string },
): Promise<boolean> {
  const now = clock.now().getTime();
  const { held = null, needs = [] } = content;
  const status = held ? 'HELD' : needs.length > 0 ? 'WAITING' : 'QUEUED';
  const changed = await transaction.execute(
    `UPDATE push SET status = ?, fence = fence + 1, lane = ?, company_id = ?, customer_layer_id = ?, amount_minor = ?, currency = ?, reference = ?,
        reference_folded = ?, sage_reference = COALESCE(?, sage_reference), content_hash = ?, payload = ?, failures = 0,
        next_attempt_at = ?, error_code = ?, error_key = ?, error_subject = ?, error_message = ?, error_remedy = ?, updated_at = ?
      WHERE instance_id = ? AND id = ? AND status IN ('QUEUED', 'WAITING', 'HELD', 'FAILED') AND posted_at IS NULL AND lost_at IS NULL
        AND urn IS NULL`,
    [
      status,
      content.lane,
      content.companyId,
      content.customerLayerId,
      content.amountMinor === null ? null : content.amountMinor.toString(),
      content.currency,
      content.reference,
      folded(content.reference),
      content.sageReference ?? null,
      content.contentHash,
      content.payload ?? null,
      lookAt(status, now),
      held?.code ?? null,
      held?.key ?? null,
      held?.subject ?? null,
      held?.message ?? null,
      held?.remedy ?? null,
      now,
      push.instanceId,
      push.id,
    ],
  );
  if (changed === 0) return false;
  await storeNeeds(transaction, push, needs);
  if (status === 'QUEUED') await touchLanes(transaction, push.instanceId, [content.lane], now);
  recordPushChanges(transaction, push.instanceId, [{ ...content, id: push.id }], now);
  return true;
}
