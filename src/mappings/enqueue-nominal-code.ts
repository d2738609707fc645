import type { UserError } from '../common/user-error.type.js';
import { NOMINAL_ACCOUNTS } from '../companies/reference-rows.js';
import type { Transaction } from '../database/database.js';
import { enqueue, type NewPush, replaceContent } from '../pushes/enqueue.js';
import { decodePush, PUSH_COLUMNS, type PushRow, type RawPushRow } from '../pushes/push-rows.js';
import { REPLACEABLE } from '../pushes/push-status.js';
import type { CheckedNominalCode } from './check-nominal-code.js';
import { mappedSummary, type MappingContext, type MappingParts } from './map-subject.js';
import { readTargets } from './mapping-rows.js';
import { nominalFault, nominalWords } from './mapping-target.js';
import { isSameTriple, tripleText } from './nominal-code-content.js';
import type { NominalTriple } from './posting-mappings.js';
import { lockSubject, storeMapping } from './store-mapping.js';

type Outcome = { pushId: string } | { userError: UserError };

/**
 * Queues the creation of a nominal account, once for the same content in the same company: the subject's row is locked, so that of
 * many at once one queues and the others find it. What stands in Sage already is mapped at once.
 */
export async function enqueueNominalCode(
  { database, clock }: MappingParts,
  context: MappingContext,
  checked: CheckedNominalCode,
): Promise<Outcome> {
  const { instanceId } = context;
  const { code, content, existing } = checked;
  return database.transaction(async (transaction) => {
    const subject = { kind: 'NOMINAL_CODE', layerId: code, name: content.name, targetName: content.name } as const;
    await lockSubject(transaction, instanceId, subject, clock.now().getTime());
    const mapped = await readMappedAccount(transaction, instanceId, checked);
    const pushes = await readPushesOfCode(transaction, instanceId, code);
    const newest = pushes.findLast(({ companyId }) => companyId === content.companyId);

    if (newest?.contentHash === checked.contentHash && (newest.status !== 'SUCCEEDED' || mapped))
      return { pushId: newest.id };
    if (mapped && !isSameTriple(mapped, content)) return { userError: alreadyMapped(checked) };
    if (newest && (newest.status === 'SENDING' || newest.status === 'UNKNOWN'))
      return { userError: contentChanged(checked) };

    if (existing) {
      const target = `nominal account ${nominalWords(existing)} in ${checked.company.name}`;
      const summary = mappedSummary('NOMINAL_CODE', code, target);
      const targets = { companyId: content.companyId, targetSageId: existing.sageId };
      const by = { who: context.caller.subject, clock };
      await storeMapping(transaction, instanceId, { ...subject, name: null, ...targets, summary }, by);
    }
    const push = pushOf(checked, Math.max(-1, ...pushes.map(({ generation }) => generation)) + 1);
    if (newest && REPLACEABLE.includes(newest.status)) {
      if (!(await replaceContent(transaction, clock, newest, push))) return { userError: contentChanged(checked) };
      return { pushId: newest.id };
    }
    return { pushId: await enqueue(transaction, clock, instanceId, push) };
  });
}

/**
 * The account that the code means in the company, as it stands now: a push may have landed since the code was checked. Null while it
 * means none, or one that is gone, which stands in nobody's way.
 */
async function readMappedAccount(
  transaction: Transaction,
  instanceId: number,
  { code, company }: CheckedNominalCode,
): Promise<NominalTriple | null> {
  const only = { layerIds: [code], companyId: company.id };
  const [mapped] = await readTargets(transaction, instanceId, 'NOMINAL_CODE', NOMINAL_ACCOUNTS, only);
  return mapped && nominalFault(mapped.value) === null ? mapped.value : null;
}

function pushOf({ code, company, content, contentHash }: CheckedNominalCode, generation: number): NewPush {
  return {
    kind: 'NOMINAL_CODE',
    layerId: code,
    generation,
    lane: `n:${code}`,
    companyId: company.id,
    customerLayerId: null,
    amountMinor: null,
    currency: null,
    reference: code,
    sageReference: tripleText(content),
    contentHash,
    payload: JSON.stringify(content),
  };
}

/** Every push of a code, by generation: a few. Index: push_of_document. */
async function readPushesOfCode(transaction: Transaction, instanceId: number, code: string): Promise<PushRow[]> {
  const rows = await transaction.query<RawPushRow>(
    `SELECT ${PUSH_COLUMNS} FROM push p WHERE p.instance_id = ? AND p.kind = 'NOMINAL_CODE' AND p.layer_id = ? ORDER BY p.generation`,
    [instanceId, code],
  );
  return rows.map(decodePush).filter(({ layerId }) => layerId === code);
}

function alreadyMapped({ code, company }: CheckedNominalCode): UserError {
  return {
    code: 'ALREADY_MAPPED',
    message: `Nominal code ${code} means another account of ${company.name} already.`,
    remedy: 'Take that mapping away first (unmap), if the code is to have an account of its own.',
    field: ['code'],
  };
}

function contentChanged({ code, company }: CheckedNominalCode): UserError {
  return {
    code: 'CONTENT_CHANGED',
    message: `Nominal code ${code} is on its way to ${company.name} with other content.`,
    remedy: 'Wait until that push has come to rest, then send it again.',
    field: ['code'],
  };
}
