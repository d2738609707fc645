import type { Leaf } from './schema-walk.js';

/**
 * What of an instance a text or an id can name. `new` names something that is about to be made; `cursor` is a place in a list;
 * `free` is kept or shown and looked nothing up by.
 */
export type ArgumentKind =
  | { kind: 'id'; type: string }
  | { kind: 'key'; of: string }
  | { kind: 'new'; of: string }
  | { kind: 'search' | 'cursor' | 'since' | 'suggestion' | 'csv' | 'free' };

const id = (type: string): ArgumentKind => ({ kind: 'id', type });
const key = (of: string): ArgumentKind => ({ kind: 'key', of });
const made = (of: string): ArgumentKind => ({ kind: 'new', of });
const free: ArgumentKind = { kind: 'free' };

/** By the whole coordinate. */
const BY_COORDINATE: Record<string, ArgumentKind> = {
  'Query.node(id)': id('Invoice'),
  'Query.push(id)': id('Push'),
  'Query.customer(layerId)': key('customer'),
  'Query.invoice(layerId)': key('invoice'),
  'Mutation.retryPush(id)': id('Push'),
  'Mutation.skipPush(id)': id('PushToSkip'),
  'Mutation.refreshSageAccount(id)': id('SageAccount'),
  'Mutation.ignoreReceipt(id)': id('Receipt'),
  'Mutation.restoreReceipt(id)': id('Receipt'),
  'Mutation.linkCustomer(layerId)': key('customer'),
  'Mutation.unlinkCustomer(layerId)': key('customer'),
  'Mutation.unmap(layerId)': key('paymentMethod'),
  'CustomerInput.layerId': made('customer'),
  'CustomerInput.accountNumber': made('accountNumber'),
  'ContactInput.layerId': made('contact'),
  'InvoiceInput.layerId': made('invoice'),
  'InvoiceInput.number': made('number'),
  'InvoiceLineInput.layerId': made('invoiceLine'),
  'CreditNoteInput.layerId': made('creditNote'),
  'CreditNoteInput.number': made('number'),
  'PaymentInput.layerId': made('payment'),
  'RefundInput.layerId': made('refund'),
  'MapSubCompanyInput.layerId': made('subCompany'),
  'MapPaymentMethodInput.layerId': made('paymentMethod'),
  'MapNominalCodeInput.code': made('nominalCode'),
  'MapVatCodeInput.code': made('vatCode'),
  'NominalCodeInput.code': made('nominalCode'),
  'NominalCodeInput.costCentre': key('costCentre'),
  'NominalCodeInput.department': key('costCentre'),
  'PaymentInput.reference': made('number'),
  'RefundInput.reference': made('number'),
  'Mutation.acceptSuggestion(token)': { kind: 'suggestion' },
  'Mutation.importCustomerLinks(csv)': { kind: 'csv' },
  'Mutation.retryPushes(errorCode)': free,
  'Mutation.retryPushes(key)': id('ErrorGroup'),
  'Query.auditTrail(subjectId)': id('SubCompany'),
};

/** By the last name alone, where it means one thing wherever it stands. */
const BY_NAME: Record<string, ArgumentKind> = {
  customerLayerId: key('customer'),
  subCompanyLayerId: key('subCompany'),
  paymentMethodLayerId: key('paymentMethod'),
  invoiceLayerId: key('invoice'),
  lineLayerId: key('invoiceLine'),
  creditNoteLayerId: key('creditNote'),
  paymentLayerId: key('payment'),
  nominalCode: key('nominalCode'),
  vatCode: key('vatCode'),
  urn: key('urn'),
  sageCompanyId: id('SageCompany'),
  sageAccountId: id('SageAccount'),
  sageBankAccountId: id('SageBankAccount'),
  sageNominalAccountId: id('SageNominalAccount'),
  sageTaxCodeId: id('SageTaxCode'),
  reportCategoryId: id('SageReportCategory'),
  receiptId: id('Receipt'),
  matchId: id('ReceiptMatch'),
  pushId: id('Push'),
  search: { kind: 'search' },
  after: { kind: 'cursor' },
  since: { kind: 'since' },
  reason: free,
  description: free,
  name: free,
  email: free,
  fax: free,
  telephone: free,
  website: free,
  vatNumber: free,
  firstName: free,
  lastName: free,
  city: free,
  countryCode: free,
  county: free,
  line1: free,
  line2: free,
  line3: free,
  line4: free,
  postcode: free,
};

/** Null: nobody has said yet what this argument can name. */
export function kindOf({ coordinate, path }: Leaf): ArgumentKind | null {
  const name = String(path.findLast((part) => typeof part === 'string'));
  return BY_COORDINATE[coordinate] ?? BY_NAME[name] ?? null;
}
