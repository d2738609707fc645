import type { TestGateway } from './test-gateway.js';
import { until } from './test-gateway.js';

/** The Sage company that the tests post to. */
export const COMPANY = 1;

const FIELDS = ` id kind status layerId urn attempts sageReference amount { amount currency } postedAt allocatedAt
  error { code message remedy } history { step outcome httpStatus }`;
const PUSH = `push { ${FIELDS} } userErrors { code message remedy field }`;

export interface ShownPush {
  id: string;
  kind: string;
  status: string;
  layerId: string;
  urn: string | null;
  attempts: number;
  sageReference: string;
  amount: { amount: string; currency: string } | null;
  postedAt: string | null;
  allocatedAt: string | null;
  error: { code: string; message: string; remedy: string } | null;
  history: { step: string; outcome: string; httpStatus: number | null }[];
}
export interface PushAnswer {
  push: ShownPush;
  userErrors: { code: string; message: string; remedy: string | null; field: string[] | null }[];
}

const MUTATIONS = {
  CUSTOMER: ['pushCustomer', 'CustomerInput'],
  INVOICE: ['pushInvoice', 'InvoiceInput'],
  PAYMENT: ['pushPayment', 'PaymentInput'],
  CREDIT_NOTE: ['pushCreditNote', 'CreditNoteInput'],
  REFUND: ['pushRefund', 'RefundInput'],
  NOMINAL_CODE: ['pushNominalCode', 'NominalCodeInput'],
} as const;
export type SentKind = keyof typeof MUTATIONS;

/** Sends a document as The Layer does, and answers what the mutation answered. */
export async function send(gateway: TestGateway, kind: SentKind, input: object): Promise<PushAnswer> {
  const [mutation, type] = MUTATIONS[kind];
  const data = await gateway.data(`mutation ($input: ${type}!) { ${mutation}(input: $input) { ${PUSH} } }`, { input });
  return data[mutation];
}

/** Sends a document that must be taken. */
export async function sent(gateway: TestGateway, kind: SentKind, input: object): Promise<ShownPush> {
  const { push, userErrors } = await send(gateway, kind, input);
  if (userErrors.length > 0) throw new Error(JSON.stringify(userErrors));
  return push;
}

export async function pushOf(gateway: TestGateway, id: string): Promise<ShownPush> {
  const { push } = await gateway.data(`query ($id: ID!) { push(id: $id) { ${FIELDS} } }`, {
    id,
  });
  return push;
}

/** Waits until the push stands in this status, and answers it. */
export async function untilStatus(
  gateway: TestGateway,
  push: Pick<ShownPush, 'id'>,
  status: string,
  timeoutMs = 20_000,
): Promise<ShownPush> {
  let shown = await pushOf(gateway, push.id);
  await until(
    async () => {
      shown = await pushOf(gateway, push.id);
      return shown.status === status;
    },
    `the push to be ${status}`,
    timeoutMs,
  ).catch((error: Error) => {
    throw new Error(`${error.message} It is ${JSON.stringify(shown)}`);
  });
  return shown;
}

/** Maps what the tests' documents name to the sandbox's company 1: sub-company, payment method BACS, codes 4000, 4010, S, R, Z. */
export async function mapEverything(gateway: TestGateway): Promise<void> {
  const { sageCompanies } = await gateway.data(
    `{ sageCompanies { id sageCompanyId bankAccounts { id code currency isActive } taxCodes { id code ratePercent isActive }
       nominalAccounts { id reference costCentre department isActive isPosting } } }`,
  );
  const company = sageCompanies.find(({ sageCompanyId }: { sageCompanyId: number }) => sageCompanyId === COMPANY);
  const nominal = (reference: string) =>
    company.nominalAccounts.find(
      (one: Record<string, string>) => one.reference === reference && one.costCentre === '' && one.department === '',
    ).id;
  const tax = (rate: number) =>
    company.taxCodes.find((one: { ratePercent: string }) => Number(one.ratePercent) === rate).id;
  const bank = company.bankAccounts.find((one: { code: string }) => one.code === 'CURRENT').id;
  const { data } = { data: gateway.data };
  const check = (answer: Record<string, { userErrors: unknown[] }>) => {
    for (const payload of Object.values(answer)) {
      if (payload.userErrors.length > 0) throw new Error(JSON.stringify(payload.userErrors));
    }
  };
  check(
    await data(
      'mutation ($input: MapSubCompanyInput!) { mapSubCompany(input: $input) { userErrors { code message } } }',
      {
        input: { sageCompanyId: company.id },
      },
    ),
  );
  check(
    await data(
      'mutation ($input: MapPaymentMethodInput!) { mapPaymentMethod(input: $input) { userErrors { code message } } }',
      { input: { layerId: 'BACS', name: 'BACS', sageBankAccountId: bank } },
    ),
  );
  for (const code of ['4000', '4010']) {
    check(
      await data(
        'mutation ($input: MapNominalCodeInput!) { mapNominalCode(input: $input) { userErrors { code message } } }',
        { input: { code, sageNominalAccountId: nominal(code) } },
      ),
    );
  }
  for (const [code, rate] of [
    ['S', 20],
    ['R', 5],
    ['Z', 0],
  ] as const) {
    check(
      await data('mutation ($input: MapVatCodeInput!) { mapVatCode(input: $input) { userErrors { code message } } }', {
        input: { code, sageTaxCodeId: tax(rate) },
      }),
    );
  }
}

/** An invoice of one line at 20 %: net 100.00, VAT 20.00 unless told otherwise. */
export function invoiceInput(layerId: string, customerLayerId: string, more: object = {}) {
  return {
    layerId,
    number: `N-${layerId}`,
    customerLayerId,
    issuedOn: today(),
    lines: [line('L1')],
    ...more,
  };
}

export function line(layerId: string, more: object = {}) {
  return {
    layerId,
    description: `Line ${layerId}`,
    nominalCode: '4000',
    vatCode: 'S',
    net: '100.00',
    vat: '20.00',
    ...more,
  };
}

export function paymentInput(layerId: string, customerLayerId: string, amount: string, more: object = {}) {
  return {
    layerId,
    customerLayerId,
    paymentMethodLayerId: 'BACS',
    paidOn: today(),
    amount,
    reference: `R-${layerId}`,
    ...more,
  };
}

export const today = () => new Date().toISOString().slice(0, 10);

/** A customer of The Layer that has its account in Sage. */
export async function newCustomer(
  gateway: TestGateway,
  layerId: string,
  more: object = {},
): Promise<{ sageId: number }> {
  const push = await sent(gateway, 'CUSTOMER', { layerId, name: `Customer ${layerId}`, ...more });
  await untilStatus(gateway, push, 'SUCCEEDED');
  const { customer } = await gateway.data(
    'query ($layerId: String!) { customer(layerId: $layerId) { sageAccount { sageCustomerId } } }',
    { layerId },
  );
  return { sageId: Number(customer.sageAccount.sageCustomerId) };
}

/** The postings of an account in the sandbox's own ledger. */
export const ledgerRows = (gateway: TestGateway, customerId: number) =>
  gateway.sandbox.control.postings(COMPANY, { customerId });
