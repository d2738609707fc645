import type { Queryable } from '../database/database.js';
import { readParts } from './matching/reference-parts.js';
import type { ReceiptState } from './receipt-states.js';

/** Words that every bank writes. */
const COMMON = new Set(['PAYMENT', 'INVOICE', 'BACS', 'CHAPS', 'CHEQUE', 'FASTER', 'THANKS', 'TRANSFER', 'LIMITED']);
const SHORTEST_WORD = 4;
const LATEST = 100;

/** Whether words of a receipt's references stand in one of the account's latest matched receipts. Index: receipt_of_account. */
export async function wasPaidBefore(
  database: Queryable,
  instanceId: number,
  { row, transaction }: ReceiptState,
): Promise<boolean> {
  const own = wordsOf(transaction?.reference ?? '', transaction?.secondReference ?? '');
  if (own.size === 0) return false;
  const earlier = await database.query<{ reference: string; secondReference: string }>(
    `SELECT t.reference AS reference, t.second_reference AS secondReference
       FROM receipt r JOIN sage_transaction t ON t.instance_id = r.instance_id AND t.company_id = r.company_id AND t.urn = r.urn
      WHERE r.instance_id = ? AND r.company_id = ? AND r.account_sage_id = ? AND r.status = 'MATCHED' AND r.urn <> ?
      ORDER BY r.received_on DESC, r.urn DESC LIMIT ${LATEST}`,
    [instanceId, row.companyId, row.accountSageId, row.urn],
  );
  return earlier.some(({ reference, secondReference }) =>
    [...wordsOf(reference, secondReference)].some((word) => own.has(word)),
  );
}

function wordsOf(...texts: string[]): Set<string> {
  const words = texts
    .flatMap(readParts)
    .filter(({ isDigits, text }) => !isDigits && text.length >= SHORTEST_WORD && !COMMON.has(text));
  return new Set(words.map(({ text }) => text));
}
