import type { UserError } from '../common/user-error.type.js';
import { readCompanies } from '../companies/company-directory.js';
import { parseCustomerDocument } from '../customers/customer-document.js';
import type { Queryable } from '../database/database.js';
import { readNewestPushes } from '../pushes/push-rows.js';
import { IN_FLIGHT } from '../pushes/push-status.js';
import type { DocumentDraft } from './document-draft.js';
import type { Readiness } from './document-readiness.js';

/** Where nothing is known yet: The Layer's resellers are in the UK. */
const LAST_RESORT = 'GBP';

/**
 * The currency of a document: the one given, which must be the account's; left out, the account's, that of the account that is on
 * its way to Sage, or the company's own.
 */
export async function documentCurrency(
  database: Queryable,
  instanceId: number,
  draft: DocumentDraft,
  { account, company }: Readiness,
): Promise<{ currency: string; fault: UserError | null }> {
  const accountCurrency =
    account?.currency ?? (company && (await coming(database, instanceId, draft.customerLayerId, company))) ?? null;
  if (draft.currency === null) {
    const [first] = company || accountCurrency ? [] : await readCompanies(database, instanceId);
    return { currency: accountCurrency ?? company?.currency ?? first?.currency ?? LAST_RESORT, fault: null };
  }
  const { currency } = draft;
  if (accountCurrency === null || accountCurrency === currency) return { currency, fault: null };
  const name = account ? `account ${account.accountNumber}` : 'account';
  return {
    currency,
    fault: {
      code: 'CURRENCY_MISMATCH',
      message: `The customer's ${name} is kept in ${accountCurrency}, and the document is in ${currency}.`,
      remedy: `Send the document in ${accountCurrency}, or leave the currency out.`,
      field: ['currency'],
    },
  };
}

/** Of the account that a push is about to make in this company; null when there is none. */
async function coming(
  database: Queryable,
  instanceId: number,
  customerLayerId: string,
  company: { id: number; currency: string },
): Promise<string | null> {
  const push = (await readNewestPushes(database, instanceId, 'CUSTOMER', [customerLayerId])).get(customerLayerId);
  if (!push || !IN_FLIGHT.includes(push.status) || push.payload === null) return null;
  if (push.companyId !== null && push.companyId !== company.id) return null;
  return parseCustomerDocument(push.payload).currency ?? company.currency;
}
