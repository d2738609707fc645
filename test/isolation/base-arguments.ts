import { encodeCursor } from '../../src/common/paging.js';
import { today } from '../support/documents.js';
import type { Named } from './fill-instance.js';

export type Variables = Record<string, unknown>;

let made = 0;
/** A name that nothing has had yet. All are equally long, so that answers can be compared without them. */
const fresh = () => `FR${String((made += 1)).padStart(5, '0')}`;
export const FRESH = /\bFR\d{5}\b/g;

const page = { first: 3 };
const line = ({ nominalCode, vatCode }: Named) => ({
  layerId: 'L1',
  description: 'Line',
  nominalCode,
  vatCode,
  net: '10.00',
  vat: '2.00',
});
const invoice = (named: Named) => ({
  layerId: fresh(),
  number: fresh(),
  customerLayerId: named.customer,
  subCompanyLayerId: named.subCompany,
  issuedOn: today(),
  lines: [line(named)],
});
const share = ({ invoice: invoiceLayerId, invoiceLine: lineLayerId }: Named) => ({
  invoiceLayerId,
  lineLayerId,
  amount: '0.01',
});
const cash = (named: Named) => ({
  layerId: fresh(),
  customerLayerId: named.customer,
  subCompanyLayerId: named.subCompany,
  paymentMethodLayerId: named.paymentMethod,
  amount: '0.01',
  reference: fresh(),
});
const documents = (named: Named) => ({
  ...page,
  filter: { customerLayerId: named.customer, search: named.searches.document },
});
const upload = ({ customer, site, accountNumber }: Named) =>
  `CustomerId,SageCompanyName,SageSiteId,SageAccountNumber\n${customer},${site.name},${site.id},${accountNumber}\n`;

/**
 * For every field that takes arguments, arguments that work for the instance whose names these are. What another instance's names
 * do there is tried one argument at a time.
 */
export const BASE_ARGUMENTS: Record<string, (named: Named) => Variables> = {
  'Query.auditTrail': ({ ids }) => ({ ...page, subjectId: ids.SubCompany }),
  'Query.creditNotes': documents,
  'Query.customer': ({ customer }) => ({ layerId: customer }),
  'Query.customers': ({ ids, searches }) => ({
    ...page,
    filter: { sageCompanyId: ids.SageCompany, search: searches.customer },
  }),
  'Query.invoice': (named) => ({ layerId: named.invoice }),
  'Query.invoices': documents,
  'Query.node': ({ ids }) => ({ id: ids.Invoice }),
  'Query.payments': (named) => ({
    ...documents(named),
    filter: { customerLayerId: named.customer, search: named.payment },
  }),
  'Query.push': ({ ids }) => ({ id: ids.Push }),
  'Query.pushes': ({ customer, searches }) => ({
    ...page,
    filter: { customerLayerId: customer, search: searches.document },
  }),
  'Query.receipts': ({ customer, ids, searches }) => ({
    ...page,
    filter: { customerLayerId: customer, sageCompanyId: ids.SageCompany, search: searches.receipt },
  }),
  'Query.refunds': (named) => ({
    ...documents(named),
    filter: { customerLayerId: named.customer, search: named.refund },
  }),
  'Query.sageAccounts': ({ ids, accountNumber }) => ({
    ...page,
    filter: { sageCompanyId: ids.SageCompany, search: accountNumber },
  }),
  'Query.sageTransactions': ({ ids, urn }) => ({ ...page, sageCompanyId: ids.SageCompany, filter: { search: urn } }),

  'Customer.creditNotes': () => page,
  'Customer.invoices': () => page,
  'Customer.payments': () => page,
  'Customer.refunds': () => page,
  'Customer.sageAccount': ({ ids }) => ({ sageCompanyId: ids.SageCompany }),
  'ErrorGroup.pushes': () => page,
  'Receipt.suggestions': () => ({ first: 2 }),
  'SageAccount.agedDebt': () => ({ basis: 'TRANSACTION_DATE' }),
  'SageAccount.transactions': ({ urn }) => ({ ...page, filter: { search: urn } }),
  'SageCompany.nominalAccounts': ({ searches }) => ({ ...page, search: searches.nominalAccount }),

  'Mutation.acceptSuggestion': ({ receipts, suggestion }) => ({ receiptId: receipts.suggested, token: suggestion }),
  'Mutation.autoReconcile': ({ ids }) => ({ sageCompanyId: ids.SageCompany, dryRun: true }),
  'Mutation.ignoreReceipt': ({ receipts }) => ({ id: receipts.toIgnore, reason: 'why' }),
  'Mutation.importCustomerLinks': (named) => ({ csv: upload(named) }),
  'Mutation.linkCustomer': ({ customer, ids }) => ({ layerId: customer, sageAccountId: ids.SageAccount }),
  'Mutation.mapNominalCode': ({ nominalCode, ids }) => ({
    input: { code: nominalCode, name: 'Name', sageNominalAccountId: ids.SageNominalAccount },
  }),
  'Mutation.mapPaymentMethod': ({ paymentMethod, ids }) => ({
    input: { layerId: paymentMethod, name: 'Name', sageBankAccountId: ids.SageBankAccount },
  }),
  'Mutation.mapSubCompany': ({ subCompany, ids }) => ({
    input: { layerId: subCompany, name: 'Name', sageCompanyId: ids.SageCompany },
  }),
  'Mutation.mapVatCode': ({ vatCode, ids }) => ({
    input: { code: vatCode, name: 'Name', sageTaxCodeId: ids.SageTaxCode },
  }),
  'Mutation.previewInvoice': (named) => ({ input: invoice(named) }),
  'Mutation.pushCreditNote': (named) => ({
    input: { ...invoice(named), invoices: [share(named)] },
  }),
  'Mutation.pushCustomer': ({ subCompany, contact }) => ({
    input: {
      layerId: fresh(),
      name: 'Name',
      subCompanyLayerId: subCompany,
      contacts: [{ layerId: contact, lastName: 'Last' }],
    },
  }),
  'Mutation.pushInvoice': (named) => ({ input: invoice(named) }),
  'Mutation.pushNominalCode': ({ ids }) => ({
    input: { code: fresh(), name: 'Name', sageCompanyId: ids.SageCompany, reportCategoryId: ids.SageReportCategory },
  }),
  'Mutation.pushPayment': (named) => ({ input: { ...cash(named), paidOn: today(), invoices: [share(named)] } }),
  'Mutation.pushRefund': (named) => ({
    input: { ...cash(named), refundedOn: today(), creditNoteLayerId: named.creditNote },
  }),
  'Mutation.reconcileReceipt': (named) => ({
    input: { receiptId: named.receipts.toMatch, invoices: [share(named)], allocateInSage: false },
  }),
  'Mutation.refreshSageAccount': ({ ids }) => ({ id: ids.SageAccount }),
  'Mutation.registerInvoices': (named) => ({
    inputs: [{ sageCompanyId: named.ids.SageCompany, urn: named.urn, invoice: invoice(named) }],
  }),
  'Mutation.restoreReceipt': ({ receipts }) => ({ id: receipts.ignored }),
  'Mutation.retryPush': ({ ids }) => ({ id: ids.Push }),
  'Mutation.retryPushes': ({ ids }) => ({ key: ids.ErrorGroup }),
  'Mutation.skipPush': ({ ids }) => ({ id: ids.PushToSkip, reason: 'why' }),
  'Mutation.startSync': ({ ids }) => ({ sageCompanyId: ids.SageCompany, resources: ['TAX_CODES'] }),
  'Mutation.takeOverSageAllocations': ({ ids }) => ({
    sageCompanyId: ids.SageCompany,
    after: encodeCursor([0, '2000-01-01', '0']),
  }),
  'Mutation.undoMatch': ({ ids }) => ({ matchId: ids.ReceiptMatch, reason: 'why' }),
  'Mutation.unlinkCustomer': ({ customer, ids }) => ({ layerId: customer, sageAccountId: ids.SageAccount }),
  'Mutation.unmap': ({ paymentMethod, ids }) => ({
    kind: 'PAYMENT_METHOD',
    layerId: paymentMethod,
    sageCompanyId: ids.SageCompany,
  }),

  'Subscription.pushChanged': ({ customer, ids }) => ({ customerLayerId: customer, pushId: ids.Push }),
  'Subscription.receiptChanged': ({ customer, ids }) => ({ customerLayerId: customer, sageCompanyId: ids.SageCompany }),
  'Subscription.receiptReceived': ({ customer, ids }) => ({
    customerLayerId: customer,
    sageCompanyId: ids.SageCompany,
  }),
  'Subscription.sageAccountChanged': ({ customer }) => ({ customerLayerId: customer }),
};

/** The upload's one row. */
export const uploadOf = upload;
