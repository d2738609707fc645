import type { Clock } from '../common/clock.js';
import { readAccountsByKey } from '../accounts/account-rows.js';
import type { Transaction } from '../database/database.js';
import { receiptFault } from './check-matches.js';
import type { PlannedShare } from './match-plan.js';
import { plansOf } from './match-receipt.js';
import { lockReceipts, type ReceiptKey, receiptKeyText } from './receipt-rows.js';
import { readReceiptStates, type ReceiptState } from './receipt-states.js';
import { type MadeMatch, madeMatches, storeMatches } from './store-matches.js';

/** How a rule uses receipts. */
export interface BulkRule {
  name: string;
  /** The subject of the token. */
  who: string;
  allocateInSage: boolean;
  /** Says what would be made, and makes nothing. */
  isDryRun: boolean;
  /** Only takes over what Sage has allocated: a query mark in Sage blocks nothing of it. */
  isInSage?: boolean;
  /** What each receipt is to be used on, as all stands under lock, by receiptKeyText; one that is left out is left for a person. */
  choose(
    transaction: Transaction,
    receipts: readonly { receipt: ReceiptState; customerLayerId: string }[],
  ): Promise<Map<string, readonly PlannedShare[]>>;
}

/**
 * Applies a rule to some receipts in one transaction: all are locked first, in the order of their keys, so that people and other runs
 * wait for it and don't end in a deadlock. What no longer fits is left for a person.
 */
export async function matchInBulk(
  transaction: Transaction,
  clock: Clock,
  instanceId: number,
  keys: readonly ReceiptKey[],
  rule: BulkRule,
): Promise<MadeMatch[]> {
  const rows = await lockReceipts(transaction, instanceId, keys);
  const states = await readReceiptStates(transaction, instanceId, rows);
  const customers = await customersOf(transaction, instanceId, [...states.values()]);
  const open = [...states.values()].flatMap((receipt) => {
    const customerLayerId = customers.get(accountText(receipt)) ?? null;
    return customerLayerId === null || receiptFault(receipt, customerLayerId, rule.isInSage)
      ? []
      : [{ receipt, customerLayerId }];
  });
  const chosen = await rule.choose(transaction, open);
  const orders = open.flatMap(({ receipt, customerLayerId }) => {
    const shares = chosen.get(receiptKeyText(receipt.row)) ?? [];
    return shares.length === 0 ? [] : [{ receipt, customerLayerId, shares }];
  });
  const { name, who, allocateInSage, isInSage } = rule;
  const by = { origin: 'AUTOMATIC', rule: name, who, allocateInSage, isInSage } as const;
  const checked = await plansOf(transaction, instanceId, orders, by);
  const plans = checked.flatMap((plan) => ('refused' in plan ? [] : [plan]));
  return rule.isDryRun
    ? plans.flatMap((plan) => madeMatches(clock, instanceId, plan))
    : storeMatches(transaction, clock, instanceId, plans);
}

const accountText = ({ row }: ReceiptState) => `${row.companyId}:${row.accountSageId}`;

async function customersOf(
  transaction: Transaction,
  instanceId: number,
  receipts: readonly ReceiptState[],
): Promise<Map<string, string>> {
  const keys = new Map(
    receipts.map(({ row }) => [
      `${row.companyId}:${row.accountSageId}`,
      { companyId: row.companyId, sageId: row.accountSageId },
    ]),
  );
  const accounts = keys.size === 0 ? [] : await readAccountsByKey(transaction, instanceId, [...keys.values()]);
  return new Map(
    accounts.flatMap(({ companyId, sageId, customerLayerId }) =>
      customerLayerId === null ? [] : [[`${companyId}:${sageId}`, customerLayerId] as const],
    ),
  );
}
