import { dateInTimeZone } from '../common/calendar.js';
import type { Clock } from '../common/clock.js';
import type { UserError } from '../common/user-error.type.js';
import type { Database, Transaction } from '../database/database.js';
import { customerLane, enqueue, type NewPush, replaceContent } from '../pushes/enqueue.js';
import { type PushRow, readPushes } from '../pushes/push-rows.js';
import { REPLACEABLE } from '../pushes/push-status.js';
import { sageReference } from '../pushes/sage-reference.js';
import { checkDocument, type CheckedDocument } from './check-document.js';
import { type DocumentDraft, draftHash } from './document-draft.js';
import { withAccountMade } from './document-readiness.js';
import { type DocumentRow, readDocuments } from './document-rows.js';
import { addDocuments, changeDocument, removeParts, setPush, storeParts } from './store-document.js';

export interface AcceptParts {
  database: Database;
  clock: Clock;
  timeZone: string;
}

export type Acceptance = { push: PushRow } | { refused: UserError[] };

/**
 * Takes a document of The Layer: stores it and queues its push in one transaction, or answers why not. The same content again
 * answers with the same push; other content takes its place while nothing of it can be in Sage.
 */
export function acceptDocument(parts: AcceptParts, instanceId: number, draft: DocumentDraft): Promise<Acceptance> {
  return parts.database.transaction((transaction) => acceptInTransaction(transaction, parts, instanceId, draft));
}

async function acceptInTransaction(
  transaction: Transaction,
  { clock, timeZone }: AcceptParts,
  instanceId: number,
  draft: DocumentDraft,
): Promise<Acceptance> {
  const lock = transaction.dialect === 'mysql' ? ' FOR UPDATE' : '';
  const lockOwn = async () =>
    (await readDocuments(transaction, instanceId, draft.kind, [draft.layerId], lock))[0] ?? null;
  let existing = await lockOwn();
  for (;;) {
    const known = existing && (await knownDocument(transaction, instanceId, existing, draft));
    if (known && 'answer' in known) return known.answer;
    const options = { today: dateInTimeZone(clock.now(), timeZone), lock, existing };
    const checked = await checkDocument(transaction, instanceId, draft, options);
    if (Array.isArray(checked)) return { refused: checked };
    if (checked.faults.length > 0) return { refused: checked.faults };
    if (!known) {
      await addDocuments(transaction, instanceId, [{ draft, ...checked }], clock);
      existing = await lockOwn();
      // somebody was first, and is done: what they stored is compared like any other
      if (existing && (existing.pushId !== null || existing.registeredUrn !== null)) continue;
    }
    const content = await pushContent(transaction, clock, instanceId, draft, checked);
    const pushId = known
      ? await replaced(transaction, clock, instanceId, { draft, ...checked }, known.push, content)
      : await added(transaction, clock, instanceId, { draft, ...checked }, content);
    const push = (await readPushes(transaction, instanceId, [pushId ?? ''])).get(pushId ?? '');
    return push ? { push } : { refused: [contentChanged(draft)] };
  }
}

/** What stands under the id already: an answer when the same was sent, or it can no longer be changed; else the push to be given other content. */
async function knownDocument(
  transaction: Transaction,
  instanceId: number,
  existing: DocumentRow,
  draft: DocumentDraft,
): Promise<{ answer: Acceptance } | { push: PushRow }> {
  if (existing.registeredUrn !== null) return { answer: { refused: [alreadyRegistered(existing)] } };
  const push = (await readPushes(transaction, instanceId, [existing.pushId ?? ''])).get(existing.pushId ?? '');
  if (!push) throw new Error(`The ${draft.kind} ${draft.layerId} has no push.`);
  if (isSameContent(existing, draft)) return { answer: { push } };
  const isPosted = push.postedAt !== null || push.urn !== null;
  const isOpen = REPLACEABLE.includes(push.status) && !isPosted && push.lostAt === null;
  return isOpen ? { push } : { answer: { refused: [contentChanged(draft)] } };
}

/** A currency left out means the one that the document has. */
export function isSameContent(existing: DocumentRow, draft: DocumentDraft): boolean {
  const isSameCurrency = draft.currency === null || draft.currency === existing.currency;
  return isSameCurrency && existing.contentHash === draftHash(draft);
}

type Content = Omit<NewPush, 'kind' | 'layerId' | 'sageReference'>;

async function pushContent(
  transaction: Transaction,
  clock: Clock,
  instanceId: number,
  draft: DocumentDraft,
  { amounts, currency, readiness }: CheckedDocument,
): Promise<Content> {
  const ready = await withAccountMade(transaction, clock, instanceId, draft, readiness);
  return {
    lane: customerLane(draft.customerLayerId),
    companyId: ready.companyId,
    customerLayerId: draft.customerLayerId,
    amountMinor: amounts.grossMinor,
    currency,
    reference: draft.reference ?? '',
    contentHash: draftHash(draft),
    held: ready.kind === 'HELD' ? ready.held : null,
    needs: ready.kind === 'READY' ? [] : ready.needs,
  };
}

async function added(
  transaction: Transaction,
  clock: Clock,
  instanceId: number,
  document: { draft: DocumentDraft } & CheckedDocument,
  content: Content,
): Promise<string> {
  const { draft } = document;
  await storeParts(transaction, instanceId, [document]);
  const pushId = await enqueue(transaction, clock, instanceId, {
    ...content,
    kind: draft.kind,
    layerId: draft.layerId,
    sageReference: sageReference(String(instanceId), draft.kind, draft.layerId),
  });
  await setPush(transaction, instanceId, draft, pushId);
  return pushId;
}

/** Null when it was sent in the meantime: nothing was changed then. */
async function replaced(
  transaction: Transaction,
  clock: Clock,
  instanceId: number,
  document: { draft: DocumentDraft } & CheckedDocument,
  push: PushRow,
  content: Content,
): Promise<string | null> {
  const lane = customerLane(document.draft.customerLayerId);
  if (!(await replaceContent(transaction, clock, push, { ...content, lane }))) return null;
  await changeDocument(transaction, instanceId, document, clock);
  const released = await removeParts(transaction, instanceId, document.draft);
  await storeParts(transaction, instanceId, [document], released);
  return push.id;
}

function contentChanged({ kind, layerId }: DocumentDraft): UserError {
  const remedies = {
    INVOICE: 'Send a credit note for it and a new invoice under another id.',
    CREDIT_NOTE: 'Send another document under another id that makes up for the difference.',
    PAYMENT: 'Send a refund of it and a new payment under another id.',
    REFUND: 'Send another document under another id that makes up for the difference.',
  };
  return {
    code: 'CONTENT_CHANGED',
    message: `${layerId} was sent with other content before, and may stand in Sage with it.`,
    remedy: remedies[kind],
    field: ['layerId'],
  };
}

function alreadyRegistered({ layerId, registeredUrn }: DocumentRow): UserError {
  return {
    code: 'ALREADY_REGISTERED',
    message: `Invoice ${layerId} was registered as standing in Sage already (URN ${registeredUrn}).`,
    remedy: 'Nothing needs to be sent. To correct it, send a credit note.',
    field: ['layerId'],
  };
}
