import { groupBy } from '../common/group-by.js';
import type { Queryable, Transaction } from '../database/database.js';
import { readInvoiceIdsOfUrns } from './invoices-of-urns.js';
import type { PlannedShare } from './match-plan.js';
import { receiptKeyText } from './receipt-rows.js';
import type { ReceiptState } from './receipt-states.js';

/** What can be taken over from Sage of one receipt. */
export interface SageShares {
  shares: PlannedShare[];
  /** Sage has allocated some of it to what is no invoice of The Layer. */
  hasOthers: boolean;
}

/**
 * What Sage has allocated of each receipt to invoices of The Layer, and no match accounts for yet, by receiptKeyText. What a person
 * has undone here, and is still to be undone in Sage, is not taken over again.
 */
export async function readSageShares(
  database: Queryable,
  instanceId: number,
  receipts: readonly ReceiptState[],
): Promise<Map<string, SageShares>> {
  const found = new Map<string, SageShares>();
  for (const [companyId, ofCompany] of groupBy(receipts, ({ row }) => row.companyId)) {
    const open = new Map(ofCompany.map((receipt) => [receipt, receipt.pairs.onlyInSage()]));
    const urns = [...open.values()].flat().map(({ key }) => urnOf(key));
    const invoices = await readInvoiceIdsOfUrns(database, instanceId, companyId, urns);
    for (const [receipt, pairs] of open) {
      const undone = new Set(
        receipt.matches.filter(({ isToUndoInSage }) => isToUndoInSage).map(({ invoiceLayerId }) => invoiceLayerId),
      );
      const shares = pairs.flatMap(({ key, minor }) => {
        const invoiceLayerId = invoices.get(urnOf(key));
        return invoiceLayerId === undefined || undone.has(invoiceLayerId)
          ? []
          : [{ invoiceLayerId, lineLayerId: null, amountMinor: minor }];
      });
      found.set(receiptKeyText(receipt.row), { shares, hasOthers: shares.length < pairs.length });
    }
  }
  return found;
}

const urnOf = (key: string) => key.slice(key.indexOf(':') + 1);

/** What Sage has allocated already: taken over as it stands, nothing is sent. */
export async function chooseSageShares(
  transaction: Transaction,
  instanceId: number,
  receipts: readonly { receipt: ReceiptState }[],
): Promise<Map<string, readonly PlannedShare[]>> {
  const states = receipts.map(({ receipt }) => receipt);
  const found = await readSageShares(transaction, instanceId, states);
  return new Map([...found].map(([key, { shares }]) => [key, shares]));
}
