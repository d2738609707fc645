import { Arg, Authorized, Ctx, ID, Mutation, Resolver } from 'type-graphql';
import type { UserError } from '../common/user-error.type.js';
import type { Transaction } from '../database/database.js';
import { readDocuments } from '../documents/document-rows.js';
import { readInvoiceStates } from './invoice-states.js';
import { lockState, matchReceipt, type MatchOutcome, RECEIPT_UNKNOWN } from './match-receipt.js';
import { type ReceiptKey, readReceipts } from './receipt-rows.js';
import {
  matchedPayload,
  type ReconcileContext,
  type ReconcileParts,
  receiptKeyOf,
} from './reconcile-mutation-parts.js';
import { ReconcilePayload, reconcileRefused } from './reconcile.payload.js';
import { readSuggestionToken, suggestionStamp, type SuggestionToken } from './suggestion-token.js';

@Resolver()
export class AcceptSuggestionMutation {
  constructor(private readonly parts: ReconcileParts) {}

  @Authorized('reconcile')
  @Mutation(() => ReconcilePayload, {
    description:
      'Uses a receipt as a suggestion says, if receipt and invoices still stand as they did when it was made. The allocation is sent to Sage where Sage has none yet.',
  })
  async acceptSuggestion(
    @Ctx() { instanceId, caller }: ReconcileContext,
    @Arg('receiptId', () => ID) receiptId: string,
    @Arg('token', () => String) text: string,
  ): Promise<ReconcilePayload> {
    const { database, clock } = this.parts;
    const key = receiptKeyOf(instanceId, receiptId);
    if (!key) return reconcileRefused(RECEIPT_UNKNOWN);
    const token = readSuggestionToken(key, text);
    if (!token) {
      // a receipt that is not there is said first, whatever the token: as for an id that is none
      const [receipt] = await readReceipts(database, instanceId, [key]);
      return reconcileRefused(receipt ? TOKEN_UNKNOWN : RECEIPT_UNKNOWN);
    }
    const outcome = await database.transaction(async (transaction): Promise<MatchOutcome> => {
      if (!(await isAsSuggested(transaction, instanceId, key, token))) return { refused: [EXPIRED] };
      return matchReceipt(transaction, clock, instanceId, {
        key,
        origin: 'MANUAL',
        rule: null,
        who: caller.subject,
        allocateInSage: true,
        readShares: () => token.shares,
      });
    });
    return matchedPayload(this.parts, instanceId, key, outcome);
  }
}

/** Under the same locks as the match itself. A receipt that is no longer there is for the match to say. */
async function isAsSuggested(
  transaction: Transaction,
  instanceId: number,
  key: ReceiptKey,
  { shares, stamp }: SuggestionToken,
): Promise<boolean> {
  const receipt = await lockState(transaction, instanceId, key);
  if (!receipt) return true;
  // what is used up says so in its own words
  if (receipt.row.status === 'MATCHED') return true;
  const lock = transaction.dialect === 'mysql' ? ' FOR UPDATE' : '';
  const ids = shares.map(({ invoiceLayerId }) => invoiceLayerId);
  const rows = await readDocuments(transaction, instanceId, 'INVOICE', ids, lock);
  const states = await readInvoiceStates(transaction, instanceId, rows);
  return (
    stamp ===
    suggestionStamp(
      receipt,
      ids.flatMap((id) => states.get(id) ?? []),
    )
  );
}

const TOKEN_UNKNOWN: UserError = {
  code: 'SUGGESTION_UNKNOWN',
  message: 'This is no token of a suggestion for this receipt.',
  remedy: 'Take the token from the suggestions of the receipt.',
  field: ['token'],
};

const EXPIRED: UserError = {
  code: 'SUGGESTION_EXPIRED',
  message: 'The receipt or one of the invoices has changed since this was suggested.',
  remedy: 'Look at the suggestions of the receipt as they are now, and choose again.',
  field: ['token'],
};
