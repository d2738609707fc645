import {
  COMPANY,
  invoiceInput,
  line,
  mapEverything,
  newCustomer,
  paymentInput,
  sent,
  today,
  untilStatus,
} from '../support/documents.js';
import { atSage, receiptsOf, reconcile, suggestionsOf } from '../support/receipts.js';
import { pull, type TestGateway, until } from '../support/test-gateway.js';

/** What the default instance has of everything that an argument can name: texts as The Layer has them, ids as the schema has them. */
export interface Named {
  customer: string;
  contact: string;
  subCompany: string;
  paymentMethod: string;
  nominalCode: string;
  vatCode: string;
  invoice: string;
  invoiceLine: string;
  payment: string;
  creditNote: string;
  refund: string;
  number: string;
  accountNumber: string;
  costCentre: string;
  urn: string;
  suggestion: string;
  /** The company as the customers upload names it. */
  site: { id: string; name: string };
  /** What finds something, typed. */
  searches: Record<'document' | 'customer' | 'receipt' | 'nominalAccount', string>;
  ids: Record<string, string>;
  /** Receipts for one use each. */
  receipts: Record<'suggested' | 'matched' | 'ignored' | 'toIgnore' | 'toMatch', string>;
}

/** Fills the default instance with something of every kind, as The Layer and Sage's own users would. */
export async function fillInstance(gateway: TestGateway): Promise<Named> {
  await mapEverything(gateway);
  const { sageCompanies } = await gateway.data(
    `{ sageCompanies { id sageCompanyId sageSiteId name bankAccounts { id } taxCodes { id } reportCategories { id }
       nominalAccounts(first: 20) { id reference isPosting } } }`,
  );
  const company = sageCompanies.find((one: { sageCompanyId: number }) => one.sageCompanyId === COMPANY);
  await gateway.data(
    'mutation ($input: MapSubCompanyInput!) { mapSubCompany(input: $input) { userErrors { code } } }',
    { input: { layerId: 'SUB-1', name: 'Sub one', sageCompanyId: company.id } },
  );
  const contacts = [{ layerId: 'P1', firstName: 'Ann', lastName: 'Lee', email: 'ann@example.com' }];
  const { sageId } = await newCustomer(gateway, 'C1', { contacts, subCompanyLayerId: 'SUB-1' });
  const pushes = [
    await sent(gateway, 'INVOICE', invoiceInput('I1', 'C1')),
    await sent(gateway, 'INVOICE', invoiceInput('I2', 'C1')),
    await sent(gateway, 'INVOICE', invoiceInput('I3', 'C1', { lines: [line('L1', { net: '33.00', vat: '6.60' })] })),
    await sent(
      gateway,
      'PAYMENT',
      paymentInput('Y1', 'C1', '10.00', { invoices: [{ invoiceLayerId: 'I1', amount: '10.00' }] }),
    ),
    await sent(gateway, 'CREDIT_NOTE', invoiceInput('N1', 'C1')),
    await sent(gateway, 'REFUND', {
      ...{ layerId: 'F1', customerLayerId: 'C1', paymentMethodLayerId: 'BACS', refundedOn: today(), amount: '5.00' },
      ...{ reference: 'R-F1', creditNoteLayerId: 'N1' },
    }),
    await sent(gateway, 'NOMINAL_CODE', { code: '4711', name: 'New code', sageCompanyId: company.id }),
  ];
  for (const push of pushes) await untilStatus(gateway, push, 'SUCCEEDED');
  // a person must see to these, each for a cause of its own
  const held = [];
  for (const [layerId, nominalCode] of [
    ['H1', '9998'],
    ['H2', '9999'],
    ['H3', '9997'],
  ] as const) {
    const push = await sent(gateway, 'INVOICE', invoiceInput(layerId, 'C1', { lines: [line('L1', { nominalCode })] }));
    held.push(await untilStatus(gateway, push, 'HELD'));
  }
  await pull(gateway, { resources: ['TRANSACTIONS'] });

  const receipts = await keyReceipts(gateway, sageId);
  const { matches } = await reconcile(gateway, receipts.matched, [{ invoiceLayerId: 'I2', amount: '20.00' }]);
  await gateway.data('mutation ($id: ID!) { ignoreReceipt(id: $id, reason: "not ours") { userErrors { code } } }', {
    id: receipts.ignored,
  });
  await untilStatus(gateway, matches[0]?.push ?? { id: '' }, 'SUCCEEDED');
  await pull(gateway, { resources: ['TRANSACTIONS', 'CUSTOMERS'] });

  const found = await gateway.data(
    `{ customer(layerId: "C1") { id sageAccount { id accountNumber } payments { nodes { id layerId } } refunds { nodes { id } } creditNotes { nodes { id } } }
       invoice(layerId: "I1") { id number sageTransaction { id urn } }
       subCompanies { id layerId } paymentMethods { id } nominalCodes { id } vatCodes { id } errorQueue { key subject } }`,
  );
  const { customer, invoice } = found;
  const postingAccount = company.nominalAccounts.find(({ isPosting }: { isPosting: boolean }) => isPosting);
  return {
    ...{ customer: 'C1', contact: 'P1', subCompany: 'SUB-1', paymentMethod: 'BACS', nominalCode: '4000', vatCode: 'S' },
    ...{ invoice: 'I1', invoiceLine: 'L1', payment: 'Y1', creditNote: 'N1', refund: 'F1', number: invoice.number },
    accountNumber: customer.sageAccount.accountNumber,
    costCentre: 'TEL',
    urn: invoice.sageTransaction.urn,
    site: { id: company.sageSiteId, name: company.name },
    searches: { document: 'N-', customer: 'customer', receipt: 'MATCH', nominalAccount: 'bank' },
    suggestion: (await suggestionsOf(gateway, receipts.suggested))[0]?.token ?? '',
    ids: {
      SageCompany: company.id,
      SageBankAccount: company.bankAccounts[0].id,
      SageTaxCode: company.taxCodes[0].id,
      SageReportCategory: company.reportCategories[0].id,
      SageNominalAccount: postingAccount.id,
      SageAccount: customer.sageAccount.id,
      SageTransaction: invoice.sageTransaction.id,
      Customer: customer.id,
      Invoice: invoice.id,
      Payment: customer.payments.nodes.find(({ layerId }: { layerId: string | null }) => layerId !== null).id,
      CreditNote: customer.creditNotes.nodes[0].id,
      Refund: customer.refunds.nodes[0].id,
      Receipt: receipts.toMatch,
      ReceiptMatch: matches[0]?.id ?? '',
      SubCompany: found.subCompanies.find(({ layerId }: { layerId: string | null }) => layerId !== null).id,
      PaymentMethod: found.paymentMethods[0].id,
      NominalCode: found.nominalCodes[0].id,
      VatCode: found.vatCodes[0].id,
      Push: held[0]?.id ?? '',
      PushToSkip: held[1]?.id ?? '',
      ErrorGroup: found.errorQueue.find(({ subject }: { subject: string }) => subject.includes('9997')).key,
    },
    receipts,
  };
}

const RECEIPTS = [
  ['suggested', 39.6, 'BACS I3'],
  ['matched', 20, 'USED'],
  ['ignored', 7, 'IGNORED'],
  ['toIgnore', 8, 'TO IGNORE'],
  ['toMatch', 9, 'MATCH'],
] as const;

/** Money in, keyed at Sage's own screen: the ids once the cache has all of it. */
async function keyReceipts(gateway: TestGateway, customerId: number): Promise<Named['receipts']> {
  const keyed = RECEIPTS.map(([name, amount, reference]) => {
    const body = { customer_id: customerId, reference, bank_id: 1201, cheque_value: amount };
    return { name, urn: String(atSage(gateway, 'postReceipt', body).urn) };
  });
  let ids: Record<string, string | undefined> = {};
  await until(async () => {
    const found = await receiptsOf(gateway, { customerLayerId: 'C1' });
    const idOf = new Map(found.map(({ id, sageTransaction }) => [sageTransaction.urn, id]));
    ids = Object.fromEntries(keyed.flatMap(({ name, urn }) => (idOf.has(urn) ? [[name, idOf.get(urn)]] : [])));
    return Object.keys(ids).length === keyed.length;
  }, 'the receipts');
  return ids as Named['receipts'];
}
