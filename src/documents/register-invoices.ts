import { readLinksOfAccounts } from '../accounts/customer-links.js';
import { dateInTimeZone } from '../common/calendar.js';
import { Money } from '../common/money.js';
import type { UserError } from '../common/user-error.type.js';
import type { Company } from '../companies/company-directory.js';
import { readCustomers } from '../customers/customer-rows.js';
import { placeholders } from '../database/bulk.js';
import type { Transaction } from '../database/database.js';
import { readTransactionsByKey, type TransactionRow } from '../transactions/transaction-rows.js';
import { type AcceptParts, isSameContent } from './accept-document.js';
import { customerUnknown, ratesOf } from './check-document.js';
import type { DocumentDraft } from './document-draft.js';
import { type DocumentRow, readDocuments } from './document-rows.js';
import { type DraftAmounts, draftAmounts } from './draft-amounts.js';
import { draftFaults } from './draft-faults.js';
import { addDocuments, storeParts } from './store-document.js';

/** An invoice that stands in Sage already, by its URN in a company. */
export interface InvoiceToRegister {
  draft: DocumentDraft;
  /** Null: the one named does not exist. */
  company: Company | null;
  urn: string;
}

/** For each input, in order: null when it is registered now, or was in the same way; otherwise why it is not. */
export function registerInvoices(
  { database, clock, timeZone }: AcceptParts,
  instanceId: number,
  inputs: readonly InvoiceToRegister[],
): Promise<(UserError[] | null)[]> {
  const today = dateInTimeZone(clock.now(), timeZone);
  return database.transaction(async (transaction) => {
    const known = await readKnown(transaction, instanceId, inputs);
    const checked = inputs.map((input) => check(input, known, today));
    const documents = inputs.flatMap(({ draft, company, urn }, index) => {
      const { amounts, currency, isNew } = checked[index] as Checked;
      return isNew && company ? [{ draft, amounts, currency, registered: { companyId: company.id, urn } }] : [];
    });
    if (documents.length > 0) await addDocuments(transaction, instanceId, documents, clock);
    // one that was pushed or registered by somebody else just now stays as it is
    const standing = await readDocuments(
      transaction,
      instanceId,
      'INVOICE',
      documents.map(({ draft }) => draft.layerId),
      known.lock,
    );
    const byId = new Map(standing.map((row) => [row.layerId, row]));
    const isOurs = ({ draft, registered }: (typeof documents)[number]) =>
      isRegisteredAs(byId.get(draft.layerId), draft, registered.companyId, registered.urn);
    await storeParts(transaction, instanceId, documents.filter(isOurs));
    const lost = new Set(documents.filter((document) => !isOurs(document)).map(({ draft }) => draft.layerId));
    return checked.map(({ faults, isNew }, index) => {
      const layerId = inputs[index]?.draft.layerId ?? '';
      if (isNew && lost.has(layerId)) return [alreadyKnown(layerId)];
      return faults.length === 0 ? null : faults;
    });
  });
}

/** What the inputs are compared with. */
interface Known {
  lock: string;
  customers: ReadonlySet<string>;
  transactions: ReadonlyMap<string, TransactionRow>;
  /** The customers of the transactions' accounts. */
  customerOfAccount: ReadonlyMap<string, string>;
  documents: Map<string, Pick<DocumentRow, 'layerId'> & Partial<DocumentRow>>;
  /** Layer ids of what is tied to a URN, by company and URN. */
  tied: Map<string, string>;
  rates: ReadonlyMap<string, string>;
}

const keyOf = (companyId: number, key: string | number) => `${companyId}:${key}`;

async function readKnown(
  transaction: Transaction,
  instanceId: number,
  inputs: readonly InvoiceToRegister[],
): Promise<Known> {
  const lock = transaction.dialect === 'mysql' ? ' FOR UPDATE' : '';
  const keys = inputs.flatMap(({ company, urn }) => (company ? [{ companyId: company.id, urn }] : []));
  const tied = await lockAndReadTied(transaction, instanceId, keys, lock);
  const transactions = await readTransactionsByKey(transaction, instanceId, keys);
  const accounts = transactions.map(({ companyId, accountSageId }) => ({ companyId, sageId: accountSageId }));
  const links = await readLinksOfAccounts(transaction, instanceId, accounts);
  const drafts = inputs.map(({ draft }) => draft);
  const customers = await readCustomers(
    transaction,
    instanceId,
    drafts.map(({ customerLayerId }) => customerLayerId),
  );
  const documents = await readDocuments(
    transaction,
    instanceId,
    'INVOICE',
    drafts.map(({ layerId }) => layerId),
    lock,
  );
  return {
    lock,
    customers: new Set(customers.keys()),
    transactions: new Map(transactions.map((row) => [keyOf(row.companyId, row.urn), row])),
    customerOfAccount: new Map(links.map((link) => [keyOf(link.companyId, link.sageId), link.customerLayerId])),
    documents: new Map(documents.map((row) => [row.layerId, row])),
    tied,
    rates: await ratesOf(transaction, instanceId, { lines: drafts.flatMap(({ lines }) => lines) }),
  };
}

/**
 * What each URN is tied to: registered documents (index document_registered) and pushes (push_by_urn). The transactions are locked
 * first, so that two calls at once cannot tie one of them twice.
 */
async function lockAndReadTied(
  transaction: Transaction,
  instanceId: number,
  keys: readonly { companyId: number; urn: string }[],
  lock: string,
): Promise<Map<string, string>> {
  const tied = new Map<string, string>();
  for (const companyId of [...new Set(keys.map((key) => key.companyId))].sort((a, b) => a - b)) {
    const urns = [...new Set(keys.filter((key) => key.companyId === companyId).map(({ urn }) => urn))].sort();
    const list = placeholders(urns.length);
    const parameters = [instanceId, companyId, ...urns];
    await transaction.query(
      `SELECT urn FROM sage_transaction WHERE instance_id = ? AND company_id = ? AND urn IN (${list}) ORDER BY urn${lock}`,
      parameters,
    );
    const rows = await transaction.query<{ urn: string; layerId: string }>(
      `SELECT registered_urn AS urn, layer_id AS layerId FROM document
        WHERE instance_id = ? AND registered_company_id = ? AND registered_urn IN (${list})
       UNION ALL SELECT urn, layer_id FROM push WHERE instance_id = ? AND company_id = ? AND urn IN (${list})`,
      [...parameters, ...parameters],
    );
    for (const { urn, layerId } of rows) tied.set(keyOf(companyId, urn), layerId);
  }
  return tied;
}

interface Checked {
  faults: UserError[];
  /** To be stored; otherwise it is at fault, or stands already. */
  isNew: boolean;
  amounts: DraftAmounts;
  currency: string;
}

/** One input against what is known; what it ties counts for the inputs after it. */
function check({ draft, company, urn }: InvoiceToRegister, known: Known, today: string): Checked {
  const row = company ? known.transactions.get(keyOf(company.id, urn)) : undefined;
  const currency = row?.currency ?? draft.currency ?? company?.currency ?? 'GBP';
  const faults = draftFaults(draft, today);
  const { amounts, faults: amountFaults } = draftAmounts(draft, currency, known.rates);
  faults.push(...amountFaults);
  if (!known.customers.has(draft.customerLayerId)) faults.push(customerUnknown(draft.customerLayerId));
  faults.push(...postingFaults({ draft, company, urn }, row, amounts, known));
  const nothing = { amounts, currency, isNew: false };
  if (faults.length > 0 || !company) return { ...nothing, faults };

  const existing = known.documents.get(draft.layerId);
  if (existing) {
    const isSame = 'kind' in existing && isRegisteredAs(existing as DocumentRow, draft, company.id, urn);
    return { ...nothing, faults: isSame ? [] : [alreadyKnown(draft.layerId)] };
  }
  const tiedTo = known.tied.get(keyOf(company.id, urn));
  if (tiedTo !== undefined) return { ...nothing, faults: [alreadyTied(urn, tiedTo)] };
  known.documents.set(draft.layerId, { layerId: draft.layerId });
  known.tied.set(keyOf(company.id, urn), draft.layerId);
  return { faults, amounts, currency, isNew: true };
}

function postingFaults(
  { draft, company, urn }: InvoiceToRegister,
  row: TransactionRow | undefined,
  { grossMinor }: DraftAmounts,
  { customerOfAccount }: Known,
): UserError[] {
  if (!company)
    return [
      fault(
        'COMPANY_UNKNOWN',
        'There is no Sage company with this id.',
        'Take it from sageCompanies.',
        'sageCompanyId',
      ),
    ];
  if (!row)
    return [
      fault(
        'TRANSACTION_UNKNOWN',
        `${company.name} has no transaction ${urn}, so far as it was read.`,
        'Check the URN; start a sync (startSync) if it was posted just now.',
        'urn',
      ),
    ];
  const faults: UserError[] = [];
  if (row.kind !== 'INVOICE' && row.kind !== 'OPENING_INVOICE')
    faults.push(fault('NO_INVOICE', `Transaction ${urn} is no invoice.`, 'Give the URN of the invoice.', 'urn'));
  if (customerOfAccount.get(keyOf(company.id, row.accountSageId)) !== draft.customerLayerId)
    faults.push(
      fault(
        'OTHER_ACCOUNT',
        `Transaction ${urn} is on an account that is not linked to customer ${draft.customerLayerId}.`,
        'Check the URN, or link the customer to the account (linkCustomer).',
        'urn',
      ),
    );
  const stands = Money.ofMinor(row.grossMinor, row.currency);
  if (draft.currency !== null && draft.currency !== row.currency)
    faults.push({
      code: 'CURRENCY_MISMATCH',
      message: `Transaction ${urn} is in ${row.currency}, and the invoice in ${draft.currency}.`,
      remedy: `Give it in ${row.currency}, or leave the currency out.`,
      field: ['invoice', 'currency'],
    });
  else if (row.grossMinor !== grossMinor)
    faults.push({
      code: 'AMOUNT_DIFFERS',
      message: `Transaction ${urn} is of ${stands.amount} ${stands.currency}, and the invoice of ${Money.ofMinor(grossMinor, row.currency).amount}.`,
      remedy: 'Check the URN and the lines.',
      field: ['invoice', 'lines'],
    });
  return faults;
}

const fault = (code: string, message: string, remedy: string, field: string): UserError => {
  return { code, message, remedy, field: [field] };
};

const alreadyTied = (urn: string, layerId: string) =>
  fault('ALREADY_TIED', `Transaction ${urn} is tied to ${layerId} already.`, 'Check the URN.', 'urn');

const alreadyKnown = (layerId: string): UserError => ({
  code: 'ALREADY_KNOWN',
  message: `Invoice ${layerId} was pushed, or registered otherwise, before.`,
  remedy: 'Check the id: an invoice is sent or registered once.',
  field: ['invoice', 'layerId'],
});

function isRegisteredAs(row: DocumentRow | undefined, draft: DocumentDraft, companyId: number, urn: string): boolean {
  return row?.registeredCompanyId === companyId && row.registeredUrn === urn && isSameContent(row, draft);
}
