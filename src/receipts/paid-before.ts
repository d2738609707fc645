import { groupBy } from '../common/group-by.js';
import { chunks } from '../database/bulk.js';
import type { Queryable } from '../database/database.js';
import { readParts } from './matching/reference-parts.js';
import { receiptKeyText } from './receipt-rows.js';
import type { ReceiptState } from './receipt-states.js';

/** Words that every bank writes. */
const COMMON = new Set(['PAYMENT', 'INVOICE', 'BACS', 'CHAPS', 'CHEQUE', 'FASTER', 'THANKS', 'TRANSFER', 'LIMITED']);
const SHORTEST_WORD = 4;
const LATEST = 100;

interface Earlier {
  companyId: number | string;
  accountSageId: number | string;
  urn: string;
  reference: string;
  secondReference: string;
}

/**
 * Those of the receipts, by receiptKeyText, with words in their references that stand in one of their account's latest matched
 * receipts. In lists of accounts. Index: receipt_of_account.
 */
export async function readPaidBefore(
  database: Queryable,
  instanceId: number,
  receipts: readonly ReceiptState[],
): Promise<Set<string>> {
  const speaking = receipts.filter((receipt) => wordsOfReceipt(receipt).size > 0);
  const earlier = groupBy(await readEarlier(database, instanceId, speaking), accountText);
  const found = speaking.filter((receipt) => {
    const own = wordsOfReceipt(receipt);
    return (earlier.get(accountText(receipt.row)) ?? []).some(
      ({ urn, reference, secondReference }) =>
        urn !== receipt.row.urn && [...wordsOf(reference, secondReference)].some((word) => own.has(word)),
    );
  });
  return new Set(found.map(({ row }) => receiptKeyText(row)));
}

const accountText = ({ companyId, accountSageId }: Pick<Earlier, 'companyId' | 'accountSageId'>) =>
  `${companyId}:${accountSageId}`;

async function readEarlier(
  database: Queryable,
  instanceId: number,
  receipts: readonly ReceiptState[],
): Promise<Earlier[]> {
  const accounts = [...groupBy(receipts, ({ row }) => accountText(row)).values()].flatMap(([one]) => one?.row ?? []);
  const ofOne = `SELECT * FROM (SELECT r.company_id AS companyId, r.account_sage_id AS accountSageId, r.urn AS urn,
      t.reference AS reference, t.second_reference AS secondReference
     FROM receipt r JOIN sage_transaction t ON t.instance_id = r.instance_id AND t.company_id = r.company_id AND t.urn = r.urn
    WHERE r.instance_id = ? AND r.company_id = ? AND r.account_sage_id = ? AND r.status = 'MATCHED'
    ORDER BY r.received_on DESC, r.urn DESC LIMIT ${LATEST}) latest`;
  const rows: Earlier[] = [];
  for (const chunk of chunks(accounts, 100)) {
    const found = await database.query<Earlier>(
      chunk.map(() => ofOne).join(' UNION ALL '),
      chunk.flatMap(({ companyId, accountSageId }) => [instanceId, companyId, accountSageId]),
    );
    rows.push(...found);
  }
  return rows;
}

const wordsOfReceipt = ({ transaction }: ReceiptState) =>
  wordsOf(transaction?.reference ?? '', transaction?.secondReference ?? '');

function wordsOf(...texts: string[]): Set<string> {
  const words = texts
    .flatMap(readParts)
    .filter(({ isDigits, text }) => !isDigits && text.length >= SHORTEST_WORD && !COMMON.has(text));
  return new Set(words.map(({ text }) => text));
}
