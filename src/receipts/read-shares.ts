import type { UserError } from '../common/user-error.type.js';
import { readAmount } from '../documents/draft-amounts.js';
import type { InvoiceShareInput } from '../documents/invoice-share.input.js';
import type { PlannedShare } from './match-plan.js';

/** More invoices are not matched in one go: Sage takes them in one call. */
export const MAX_SHARES = 500;

/** What was typed as amounts of the receipt's currency, or every fault of it. */
export function readShares(invoices: readonly InvoiceShareInput[], currency: string): PlannedShare[] | UserError[] {
  if (invoices.length > MAX_SHARES)
    return [
      {
        code: 'TOO_MANY',
        message: `At most ${MAX_SHARES} shares are matched in one go.`,
        remedy: 'Match it in several goes.',
        field: ['invoices'],
      },
    ];
  const faults: UserError[] = [];
  const shares = invoices.map(({ invoiceLayerId, lineLayerId, amount }, index) => {
    const field = ['invoices', String(index), 'amount'];
    const minor = readAmount(amount, currency);
    if (typeof minor !== 'bigint') faults.push({ ...minor, field });
    else if (minor <= 0n)
      faults.push({
        code: 'AMOUNT_NOT_POSITIVE',
        message: 'What an invoice gets of a receipt must be above zero.',
        remedy: 'To take a match back, undo it (undoMatch).',
        field,
      });
    return { invoiceLayerId, lineLayerId: lineLayerId ?? null, amountMinor: typeof minor === 'bigint' ? minor : 0n };
  });
  return faults.length > 0 ? faults : shares;
}
